import { redact, secretsOf } from '../../src/push/redact';

test.each<[string | null, readonly string[]]>([
    [null, []],
    ['Bearer abc', ['abc']],
    ['Basic dTpwYXNz', ['dTpwYXNz', 'u%3Apass', 'u:pass', 'pass']],
    // Without a password nothing but the header is secret
    ['Basic dTo=', ['dTo']],
])('the secrets of %j are %j', (authorization, secrets) => {
    expect(secretsOf([authorization])).toEqual(secrets);
});

test.each<[string, string, boolean]>([
    ['a pass b pass', 'a *** b ***', false],
    ['u:pass', '***', false],
    ['word', 'word', false],
    ['it is u:pa', 'it is ', true],
    ['it is u:pa', 'it is u:pa', false],
    ['pass pas', '*** ', true],
])('%j is told as %j (cut: %s)', (text, expected, isCut) => {
    expect(redact(text, secretsOf(['Basic dTpwYXNz']), isCut)).toBe(expected);
});
