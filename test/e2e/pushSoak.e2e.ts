import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';

import { Certificates, makeCertificates } from '../fixtures/certificates';
import { FakeGateway, GatewayResponse } from '../fixtures/FakeGateway';
import { SoakPlan, SoakResult } from '../fixtures/soakPusher';

const FIXTURES = join(__dirname, '..', 'fixtures');
const ARGUMENTS = [
    '--expose-gc',
    '--require',
    join(FIXTURES, 'registerTypeScript.cjs'),
    join(FIXTURES, 'soakPusher.ts'),
];
const PUSHES = 1500;

/** One socket or listener that stays is 4 KB and more. About 0.6 MB is what a process needs to warm up. */
const BYTES_PER_PUSH = 1000;

let certificates: Certificates;

beforeAll(async () => {
    certificates = await makeCertificates();
});

afterAll(() => certificates.remove());

/** Pushes in a process of its own, and gives what it says at its end. */
async function soak(plan: Partial<SoakPlan> & { readonly uri: string }): Promise<SoakResult> {
    const defaults = { caFile: certificates.caFile, connectTimeout: 10000, pushes: PUSHES, parallel: 1 };
    const child = spawn(process.execPath, [...ARGUMENTS, JSON.stringify({ ...defaults, ...plan })], {
        stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await once(child, 'close');
    return JSON.parse(output) as SoakResult;
}

describe('the memory of a process that pushes does not grow with connections that', () => {
    test.each<[string, boolean, GatewayResponse]>([
        ['the gateway closes', false, { status: 202, headers: { connection: 'close' } }],
        ['the gateway closes unasked', false, { status: 202, closing: true }],
        ['the gateway closes, with TLS', true, { status: 202, headers: { connection: 'close' } }],
        ['stay open', false, { status: 202 }],
    ])(
        '%s',
        async (_title, isTls, answer) => {
            const { keyFile, certFile } = certificates.server;
            const tls = isTls ? { key: readFileSync(keyFile), cert: readFileSync(certFile) } : undefined;
            const gateway = await FakeGateway.start(tls);
            gateway.answer = answer;
            try {
                const { bytesPerPush, succeeded, warnings } = await soak({ uri: gateway.uri });
                expect(warnings).toEqual([]);
                expect(succeeded).toBe(PUSHES);
                expect(bytesPerPush).toBeLessThan(BYTES_PER_PUSH);
            } finally {
                await gateway.stop();
            }
        },
        120_000
    );

    test('are refused', async () => {
        const gateway = await FakeGateway.start();
        await gateway.stop();
        const { bytesPerPush, succeeded, warnings } = await soak({ uri: gateway.uri });
        expect(warnings).toEqual([]);
        expect(succeeded).toBe(0);
        expect(bytesPerPush).toBeLessThan(BYTES_PER_PUSH);
    }, 120_000);

    test('time out', async () => {
        const silent = createServer((socket) => socket.resume().on('error', () => undefined)).listen(0, '127.0.0.1');
        await once(silent, 'listening');
        const uri = `https://127.0.0.1:${(silent.address() as AddressInfo).port}`;
        try {
            const { bytesPerPush, succeeded, warnings } = await soak({ uri, connectTimeout: 10, parallel: 10 });
            expect(warnings).toEqual([]);
            expect(succeeded).toBe(0);
            expect(bytesPerPush).toBeLessThan(BYTES_PER_PUSH);
        } finally {
            silent.close();
        }
    }, 120_000);
});
