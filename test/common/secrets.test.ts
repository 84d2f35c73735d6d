import { ConfigException } from 'pip-services3-commons-nodex';

import { cutLineEnd, requireBearerToken } from '../../src/common/secrets';
import { thrownBy } from '../fixtures/thrownBy';

test.each([
    ['s3cret', 's3cret'],
    ['s3cret\n', 's3cret'],
    ['s3cret\r\n', 's3cret'],
    ['s3cret\n\n', 's3cret'],
    ['\ns3\ncret \n', '\ns3\ncret '],
    ['\n', ''],
    ['', ''],
])('cutLineEnd of %j is %j', (secret, expected) => {
    expect(cutLineEnd(secret)).toBe(expected);
});

test.each([
    ['ab.c-d_e~f+g/h==', 'ab.c-d_e~f+g/h=='],
    ['k:1,2"', 'k:1,2"'],
    ['s3cret\r\n', 's3cret'],
])('requireBearerToken takes %j', (key, expected) => {
    expect(requireBearerToken(key)).toBe(expected);
});

test.each(['', '\n', 's3 cret', ' s3cret', 's3cret ', 's3cret\t', 's3\ncret', 's3crét', 's3cret\u0000'])(
    'requireBearerToken refuses %j',
    (key) => {
        const error = thrownBy(() => requireBearerToken(key));
        expect(error).toBeInstanceOf(ConfigException);
        expect(error).toMatchObject({
            code: 'WRONG_ACCESS_KEY',
            message:
                'The access_key of the credential is empty or has a character that is not allowed in a bearer token: ' +
                'a blank, a line end, or one that is not ASCII',
        });
    }
);
