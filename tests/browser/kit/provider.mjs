// A real OpenID provider on loopback, for the tests: anybody may sign in under any name, without a password.
// Told by the environment: CLIENT_ID, CLIENT_SECRET, REDIRECT_URI. Says its address as one line of JSON and serves until it is
// ended. A name that ends in "+two" is said to have used two factors.
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const STRONG = 'urn:example:two-factors';
const { CLIENT_ID, CLIENT_SECRET, REDIRECT_URI } = process.env;

// Its advice to operators has no reader here, and whoever started it may have stopped listening.
console.info = console.warn = () => {};
process.stdout.on('error', () => {});

const server = createServer((request, response) => answer(request, response));
await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
    clients: [
        {
            client_id: CLIENT_ID,
            client_secret: CLIENT_SECRET,
            redirect_uris: [REDIRECT_URI],
            grant_types: ['authorization_code'],
            response_types: ['code'],
        },
    ],
    pkce: { required: () => true },
    acrValues: [STRONG],
    claims: { openid: ['sub'], email: ['email'], acr: null, amr: null, auth_time: null },
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: false } },
    cookies: { keys: ['only for tests'] },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_, id) => ({
        accountId: id,
        claims: () => ({ sub: id, email: `${id.replace('+two', '')}@example.org` }),
    }),
    // Nobody is asked whether Trellis may know who they are: the organisation has said so.
    async loadExistingGrant(ctx) {
        const { client, session } = ctx.oidc;
        const grant = new ctx.oidc.provider.Grant({ clientId: client.clientId, accountId: session.accountId });
        grant.addOIDCScope('openid email profile');
        await grant.save();
        return grant;
    },
});
const serve = provider.callback();

async function answer(request, response) {
    if (!request.url.startsWith('/interaction/')) {
        serve(request, response);
        return;
    }
    if (request.method === 'GET') {
        response.setHeader('content-type', 'text/html; charset=utf-8');
        response.end(
            '<!doctype html><html lang="en"><title>Staff account</title><h1>Staff account</h1>' +
                '<form method="post"><label>Name <input name="name" id="name"></label> ' +
                '<button name="way" value="in">Sign in</button> <button name="way" value="out">Cancel</button></form>',
        );
        return;
    }
    let body = '';
    for await (const part of request) body += part;
    const form = new URLSearchParams(body);
    const name = form.get('name') ?? '';
    const result =
        form.get('way') === 'out'
            ? { error: 'access_denied', error_description: 'the person went back' }
            : { login: { accountId: name, ...(name.endsWith('+two') ? { acr: STRONG, amr: ['otp'] } : {}) } };
    try {
        await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
    } catch {
        response.statusCode = 400;
        response.end('start again');
    }
}

console.log(JSON.stringify({ issuer, strong: STRONG }));
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => process.exit(0));
