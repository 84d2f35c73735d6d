import { X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';

import { CredentialParams } from 'pip-services3-components-nodex';

import { getText } from '../common/options';
import { misconfigured } from './failures';

/** The contents of the files, as TLS takes them. */
export interface TlsOptions {
    readonly ca?: Buffer;
    readonly key?: Buffer;
    readonly cert?: Buffer;
}

/** The parameters of a credential that name files. */
const PARAMETERS: Readonly<Record<string, keyof TlsOptions>> = {
    ssl_ca_file: 'ca',
    ssl_key_file: 'key',
    ssl_crt_file: 'cert',
};

const CERTIFICATE_EDGE = /-----(BEGIN|END) (X509 |TRUSTED )?CERTIFICATE-----/g;
const CERTIFICATE = /^-----BEGIN ((?:X509 |TRUSTED )?CERTIFICATE)-----[^-]*-----END \1-----/gm;

/** What is not a path but may be a key: a line end, the first line of a PEM, or base64 that is as long as a key. */
const LIKE_CONTENT = /[\r\n]|BEGIN|^[A-Za-z0-9+/=]{100,}$/;

/**
 * The files with certificates and a key that a credential names. They are read again when they have changed.
 */
export class TlsFiles {
    private _stamp = '';
    private _options: TlsOptions = {};

    private constructor(private readonly _paths: ReadonlyMap<string, string>) {}

    /**
     * Reads the files.
     *
     * @returns null if the credential names none.
     * @throws ConfigException if one cannot be read or is invalid. No message has anything of a content.
     */
    public static async read(credential: CredentialParams | null): Promise<TlsFiles | null> {
        const paths = new Map<string, string>();
        for (const parameter of Object.keys(PARAMETERS)) {
            const path = credential && getText(credential, parameter)?.trim();
            if (path) paths.set(parameter, path);
        }
        if (paths.size === 0) return null;
        if (paths.has('ssl_key_file') && !paths.has('ssl_crt_file')) {
            throw misconfigured('NO_SSL_CRT_FILE', 'The credential has ssl_key_file and no ssl_crt_file');
        }
        if (paths.has('ssl_crt_file') && !paths.has('ssl_key_file')) {
            throw misconfigured('NO_SSL_KEY_FILE', 'The credential has ssl_crt_file and no ssl_key_file');
        }
        const files = new TlsFiles(paths);
        files._stamp = await files.stamp();
        files._options = await files.load();
        return files;
    }

    /** What was in the files when they were valid last. */
    public get options(): TlsOptions {
        return this._options;
    }

    /**
     * Reads the files again if they have changed. Those that are not valid now, say because only the first of two is
     * replaced, are left for the next time.
     *
     * @param force     true to read them also if they do not look changed.
     * @returns whether there are new contents.
     */
    public async refresh(force: boolean): Promise<boolean> {
        const stamp = await this.stamp();
        if (stamp === this._stamp && !force) return false;
        const options = await this.load().catch(() => null);
        if (options === null) return false;
        const changed = Object.values(PARAMETERS).some(
            (option) => options[option]?.equals(this._options[option] ?? Buffer.alloc(0)) === false
        );
        this._stamp = stamp;
        this._options = options;
        return changed;
    }

    /** What tells a file from the one that replaces it. */
    private async stamp(): Promise<string> {
        const stamps = [...this._paths.values()].map(async (path) => {
            const stats = await stat(path).catch(() => null);
            return stats === null ? '' : `${stats.ino} ${stats.size} ${stats.mtimeMs} ${stats.ctimeMs}`;
        });
        return (await Promise.all(stamps)).join();
    }

    private async load(): Promise<TlsOptions> {
        const options: { -readonly [option in keyof TlsOptions]: TlsOptions[option] } = {};
        for (const [parameter, option] of Object.entries(PARAMETERS)) {
            const path = this._paths.get(parameter);
            if (path === undefined) continue;
            const content = await readContent(parameter, path);
            if (option !== 'key') checkCertificates(parameter, content.toString('latin1'));
            options[option] = content;
        }
        try {
            createSecureContext(options);
        } catch (error) {
            throw wrongFile('The certificate or the key of the credential is invalid', error as Error);
        }
        return options;
    }
}

async function readContent(parameter: string, path: string): Promise<Buffer> {
    try {
        return await readFile(path);
    } catch (error) {
        if (LIKE_CONTENT.test(path)) {
            throw misconfigured(
                'WRONG_PATH',
                `${parameter} of the credential must be the path of a file, and seems to be its content`
            );
        }
        throw misconfigured(
            'CANNOT_READ_FILE',
            `The file ${path}, which is ${parameter} of the credential, cannot be read`,
            error as Error
        );
    }
}

/** Checks each certificate of a file: OpenSSL passes over those after a broken one, and over a file without any. */
function checkCertificates(parameter: string, text: string): void {
    const certificates = text.match(CERTIFICATE) ?? [];
    if (certificates.length === 0) throw wrongFile(`${parameter} of the credential has no certificate in PEM`);
    if (certificates.length * 2 !== text.match(CERTIFICATE_EDGE)?.length) {
        throw wrongFile(`${parameter} of the credential has a certificate that is cut or garbled`);
    }
    certificates.forEach((certificate, index) => {
        try {
            new X509Certificate(certificate);
        } catch (error) {
            throw wrongFile(`Certificate ${index + 1} in ${parameter} of the credential is invalid`, error as Error);
        }
    });
}

function wrongFile(message: string, cause?: Error): Error {
    return misconfigured('WRONG_SSL_FILE', message, cause);
}
