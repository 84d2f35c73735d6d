const REDACTED = '***';

/** Writes the secrets of headers `Authorization` as an answer may repeat them, the longest first. */
export function secretsOf(authorizations: readonly (string | null)[]): string[] {
    const secrets = authorizations.flatMap((authorization) => {
        const [scheme = '', value = ''] = authorization?.split(' ') ?? [];
        if (scheme !== 'Basic') return [value];
        const user = Buffer.from(value, 'base64').toString();
        const password = user.slice(user.indexOf(':') + 1);
        return [value.replace(/=+$/, ''), ...(password === '' ? [] : [user, password])];
    });
    const spellings = secrets.flatMap((secret) => [
        secret,
        encodeURIComponent(secret),
        JSON.stringify(secret).slice(1, -1),
        escapeHtml(secret),
    ]);
    return [...new Set(spellings)].filter((secret) => secret !== '').sort((a, b) => b.length - a.length);
}

/**
 * Takes secrets out of a text that somebody else wrote.
 *
 * @param isCut     whether the text goes on, so that its end may be the start of a secret.
 */
export function redact(text: string, secrets: readonly string[], isCut = false): string {
    let redacted = text;
    for (const secret of secrets) redacted = redacted.replaceAll(secret, REDACTED);
    if (!isCut) return redacted;
    const rest = Math.max(0, ...secrets.map((secret) => startLength(redacted, secret)));
    return redacted.slice(0, redacted.length - rest);
}

/** How much of the end of a text is the start of a secret. */
function startLength(text: string, secret: string): number {
    for (let length = secret.length - 1; length > 0; length--) {
        if (text.endsWith(secret.slice(0, length))) return length;
    }
    return 0;
}

function escapeHtml(text: string): string {
    return text
        .replaceAll('&', '&amp;')
        .replaceAll('<', '&lt;')
        .replaceAll('>', '&gt;')
        .replaceAll('"', '&#34;')
        .replaceAll("'", '&#39;');
}
