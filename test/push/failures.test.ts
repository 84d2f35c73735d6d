import { ConfigException } from 'pip-services3-commons-nodex';

import { badStatus, isRetryable, noResponse } from '../../src/push/failures';

describe('isRetryable', () => {
    test.each<[number, boolean]>([
        [301, false],
        [400, false],
        [401, false],
        [404, false],
        [408, true],
        [413, false],
        [429, true],
        [500, true],
        [502, true],
        [503, true],
        [599, true],
    ])('status %d: %s', (status, expected) => {
        expect(isRetryable(badStatus('PUT', 'http://h/', status, ''))).toBe(expected);
    });

    test.each<[string, unknown, boolean]>([
        ['no response', noResponse('PUT', 'http://h/', new Error('socket hang up')), true],
        ['a wrong configuration', new ConfigException(), false],
        ['a bug', new TypeError('undefined is not a function'), false],
    ])('%s', (_title, error, expected) => {
        expect(isRetryable(error)).toBe(expected);
    });
});

describe('noResponse', () => {
    test.each<[string, Error, string]>([
        [
            'the message',
            Object.assign(new Error('connect ECONNREFUSED ::1:9'), { code: 'ECONNREFUSED' }),
            'connect ECONNREFUSED ::1:9',
        ],
        [
            'the code, if several addresses failed',
            Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' }),
            'ECONNREFUSED',
        ],
        ['the kind, if there is nothing else', new RangeError(), 'RangeError'],
    ])('gives as the reason %s', (_title, cause, reason) => {
        expect(noResponse('PUT', 'http://h/', cause)).toMatchObject({
            code: 'NO_RESPONSE',
            message: `PUT http://h/ got no response: ${reason}`,
            cause: reason,
            details: { method: 'PUT', url: 'http://h/' },
        });
    });
});
