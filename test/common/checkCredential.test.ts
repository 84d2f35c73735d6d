import { ConfigException, ConfigParams } from 'pip-services3-commons-nodex';

import { checkCredential, refuseStrayCredential } from '../../src/common/checkCredential';
import { thrownBy } from '../fixtures/thrownBy';

const PARAMETERS = ['store_key', 'username', 'access_key'];

test.each<[object]>([
    [{}],
    [{ source: 'a', 'connection.token': 'b', credentialed: 'c', 'other.credential.token': 'd' }],
    [{ credential: { username: 'u', access_key: '' } }],
    [{ credentials: { one: { username: 'u' }, two: { store_key: 'k' } } }],
    [{ credentials: [{ username: 'u' }] }],
])('takes %j', (config) => {
    expect(() => {
        checkCredential(ConfigParams.fromValue(config), PARAMETERS);
    }).not.toThrow();
});

test.each<[object, string]>([
    [{ credential: { token: 's3cret' } }, 'credential.token'],
    [{ credential: { username: 'u', accessKey: 's3cret' } }, 'credential.accessKey'],
    [{ credential: { Username: 's3cret' } }, 'credential.Username'],
    [{ credential: { token: null } }, 'credential.token'],
    [{ credential: { username: { value: 's3cret' } } }, 'credential.username.value'],
    [{ credential: [{ username: 's3cret' }] }, 'credential.0.username'],
    [{ credential: ['s3cret'] }, 'credential.0'],
    [{ credential: 's3cret' }, 'credential'],
    [{ credential: '' }, 'credential'],
    [{ credential: null }, 'credential'],
    [{ Credential: { username: 's3cret' } }, 'Credential.username'],
    [{ credentials: { username: 's3cret' } }, 'credentials.username'],
    [{ credentials: { one: { username: 'u' }, two: { token: 's3cret' } } }, 'credentials.two.token'],
    [{ credentials: 's3cret' }, 'credentials'],
])('refuses %j', (config, option) => {
    const error = thrownBy(() => {
        checkCredential(ConfigParams.fromValue(config), PARAMETERS);
    });
    expect(error).toBeInstanceOf(ConfigException);
    expect(error).toMatchObject({
        code: 'WRONG_OPTION',
        message:
            `Option ${option} is not known. A credential is written as credential.<parameter> or ` +
            'credentials.<name>.<parameter>, and the parameters are store_key, username, access_key',
        details: { option },
    });
    expect(JSON.stringify(error)).not.toContain('s3cret');
});

test.each<[object]>([
    [{}],
    [{ credential: { username: 'u', password: 'p' }, credentials: { one: { access_key: 'k' } } }],
    [{ source: 'token', 'connection.host': 'password', 'options.token_count': 5 }],
])('nothing is stray in %j', (config) => {
    expect(() => {
        refuseStrayCredential(ConfigParams.fromValue(config));
    }).not.toThrow();
});

test.each<[object, string]>([
    [{ access_key: 's3cret' }, 'access_key'],
    [{ username: 's3cret', password: 's3cret' }, 'username'],
    [{ token: 's3cret' }, 'token'],
    [{ bearer_token: 's3cret' }, 'bearer_token'],
    [{ Authorization: 's3cret' }, 'Authorization'],
    [{ auth: { accessKey: 's3cret' } }, 'auth.accessKey'],
    [{ credental: { password: 's3cret' } }, 'credental.password'],
    [{ 'credential ': { password: 's3cret' } }, 'credential .password'],
    [{ options: { credential: { access_key: 's3cret' } } }, 'options.credential.access_key'],
    [{ connection: { password: 's3cret' } }, 'connection.password'],
])('refuses the stray credential in %j', (config, option) => {
    const error = thrownBy(() => {
        refuseStrayCredential(ConfigParams.fromValue(config));
    });
    expect(error).toBeInstanceOf(ConfigException);
    expect(error).toMatchObject({
        code: 'WRONG_OPTION',
        message: `Option ${option} is not known. What protects the routes is written as credential.<parameter>`,
        details: { option },
    });
    expect(JSON.stringify(error)).not.toContain('s3cret');
});
