import { ConfigException } from 'pip-services3-commons-nodex';

import { groupingPath } from '../../src/push/groupingPath';

describe('groupingPath', () => {
    test.each<[string, string, string | null, string]>([
        ['a job', 'batch', null, '/metrics/job/batch'],
        ['an empty instance', 'j', '', '/metrics/job/j'],
        ['a job and an instance', 'j', 'h', '/metrics/job/j/instance/h'],
        ['a slash', 'a/b', null, '/metrics/job@base64/YS9i'],
        ['a slash beside a blank', 'shop/north 1', 'h/1', '/metrics/job@base64/c2hvcC9ub3J0aCAx/instance@base64/aC8x'],
        ['a slash at the start', 'j', '/var/tmp', '/metrics/job/j/instance@base64/L3Zhci90bXA'],
        ['a slash, in the URL alphabet', '??/>>', null, '/metrics/job@base64/Pz8vPj4'],
        ['one dot', 'j', '.', '/metrics/job/j/instance@base64/Lg'],
        ['two dots', '..', null, '/metrics/job@base64/Li4'],
        ['three dots', '...', null, '/metrics/job/...'],
        ['blank, plus and percent', 'a b+c%', null, '/metrics/job/a%20b%2Bc%25'],
        ['a port', 'j', 'h:9', '/metrics/job/j/instance/h%3A9'],
        ['text beyond ASCII', '€', null, '/metrics/job/%E2%82%AC'],
        ['a line feed, quotes and a backslash', 'line\nfeed "q" \\', null, '/metrics/job/line%0Afeed%20%22q%22%20%5C'],
        ['a lone surrogate', 'j', 'a\ud800', '/metrics/job/j/instance/a%EF%BF%BD'],
        ['a lone surrogate beside a slash', '\udfff/', null, '/metrics/job@base64/77-9Lw'],
        ['a query and a fragment', 'a?b#c', null, '/metrics/job/a%3Fb%23c'],
    ])('writes %s', (_title, job, instance, expected) => {
        expect(groupingPath(job, instance)).toBe(expected);
    });

    test('refuses an empty job', () => {
        const refuse = (): string => groupingPath('', 'h');
        expect(refuse).toThrow(ConfigException);
        expect(refuse).toThrow('Metrics cannot be pushed without a source. Configure "source"');
    });
});
