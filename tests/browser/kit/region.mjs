// Owns bringing a referral to where a test starts, over GraphQL with a bearer token, as a partner would; and reading back
// what became of it. What a test is about is done in the browser, never here.
import { newestMail } from "./server.mjs";

const REFERRAL = "referral { id version stage reference }";
export const WALKERS = "Eastfield Walkers";
export const WALKERS_MAIL = "requests@eastfield-walkers.example.org";

/** Numbers from the range for tests, whose last digit checks. */
export function nhsNumber(nine) {
  const sum = [...String(nine)].reduce((total, digit, at) => total + Number(digit) * (10 - at), 0);
  const check = (11 - (sum % 11)) % 11;
  if (check === 10) throw new Error(`no NHS number starts with ${nine}`);
  return `${nine}${check}`;
}

/** A date for each name, so that nobody could be taken for somebody else. */
function birthOf(name) {
  const sum = [...name].reduce((total, letter) => (total * 31 + letter.codePointAt(0)) % 9973, 7);
  const two = (number) => String(number).padStart(2, "0");
  return `${1930 + (sum % 50)}-${two(1 + (sum % 12))}-${two(13 + (sum % 15))}`;
}

export class Region {
  constructor(server) {
    this.server = server;
    this.tokens = new Map();
  }

  /** Runs a document as one of the personas, and answers its data. */
  async ask(who, query, variables = {}) {
    const headers = { "content-type": "application/json" };
    if (who) headers.authorization = `Bearer ${await this.token(who)}`;
    const answer = await fetch(`${this.server.url}/graphql`, { method: "POST", headers, body: JSON.stringify({ query, variables }) });
    const { data, errors } = await answer.json();
    if (errors) throw new Error(`${who ?? "nobody"} asked in vain: ${JSON.stringify(errors)}`);
    return data;
  }

  async token(who) {
    if (!this.tokens.has(who)) this.tokens.set(who, this.signedIn(who));
    return this.tokens.get(who);
  }

  async signedIn(who) {
    const { email, password } = this.server.personas.of(who);
    const query = "mutation($input: SignInInput!) { signIn(input: $input) { tokens { accessToken } refusal { code } } }";
    const { signIn } = await this.ask(null, query, { input: { email, password } });
    return signIn.tokens.accessToken;
  }

  /** Runs `name(input: …)` and answers what `fields` ask for; a refusal is an error. */
  async act(who, name, type, input, fields = REFERRAL) {
    const query = `mutation($input: ${type}!) { ${name}(input: $input) { ${fields} refusal { code message } } }`;
    const payload = (await this.ask(who, query, { input }))[name];
    if (payload.refusal) throw new Error(`${name}: ${payload.refusal.code}, ${payload.refusal.message}`);
    return payload;
  }

  async service(filter, organisation) {
    const query = "query($filter: ServiceFilter!) { services(filter: $filter, first: 50) { edges { node { id name organisation { name } capacity { free } } } } }";
    const { services } = await this.ask("lena", query, { filter: { takesRequests: true, ...filter } });
    const found = services.edges.map(({ node }) => node).find((node) => node.organisation.name === organisation && node.capacity.free !== 0);
    if (!found) throw new Error(`${organisation} has no service that takes requests`);
    return found;
  }

  /** Sent by Dr Osei to Sam's team: somebody new. */
  async referred(name, { phone = "01632 960055", needs = ["LONELINESS"] } = {}) {
    const [givenName, familyName] = name.split(" ");
    const service = await this.service({ organisationKind: "LINK_WORKER_SERVICE" }, "North Vale Community Links");
    const input = {
      newPerson: {
        identity: { givenName, familyName, birthDate: birthOf(name), postcode: "LA9 4PU", phone },
        preferences: { channels: ["PHONE"], format: "STANDARD" },
      },
      serviceId: service.id, needs, risk: "NONE_KNOWN", agreement: { howGiven: "SPOKEN", statement: "2026-11" },
    };
    return (await this.act("osei", "refer", "ReferInput", input)).referral;
  }

  /** Accepted by Lena and given to Sam. */
  async given(name, more) {
    const sent = await this.referred(name, more);
    const { referral } = await this.act("lena", "acceptReferral", "ReferralCommandInput", { referralId: sent.id, version: sent.version });
    const userId = (await this.ask("sam", "{ viewer { userId } }")).viewer.userId;
    return (await this.act("lena", "allocateReferral", "AllocateReferralInput", { referralId: sent.id, version: referral.version, userId })).referral;
  }

  /** Under way: Sam has spoken with them once. */
  async active(name, more) {
    const { id } = await this.given(name, more);
    return this.spoke(id);
  }

  /** Sam has spoken with them, on another screen say. */
  async spoke(referralId) {
    const input = { referralId, channel: "PHONE", result: "SPOKE", minutes: 5 };
    return (await this.act("sam", "logContact", "LogContactInput", input)).referral;
  }

  /** Lena pauses it and takes the pause back: the same stage, and a new version of it. */
  async pausedAndResumed(referralId) {
    const until = new Date(Date.now() + 7 * 86_400_000).toISOString();
    const command = async () => ({ referralId, version: (await this.referral("lena", referralId, "version")).version });
    await this.act("lena", "holdReferral", "HoldReferralInput", { ...(await command()), reason: "AWAY", until });
    await this.act("lena", "resumeReferral", "ReferralCommandInput", await command());
  }

  /** Passed on by Sam to Eastfield Walkers: `{ referral, offered, mail, link }`, with the link of the e-mail. */
  async offered(name, more) {
    const referral = await this.given(name, more);
    const service = await this.service({ words: "walk", need: "LONELINESS" }, WALKERS);
    const input = { referralId: referral.id, serviceId: service.id, agreement: { howGiven: "SPOKEN", statement: "2026-11" } };
    const { referral: offered } = await this.act("sam", "referOnward", "ReferOnwardInput", input);
    const mail = await newestMail(this.server, WALKERS_MAIL, new RegExp(offered.reference));
    return { referral, offered, mail, link: mail.text.match(/https?:\S+/)[0] };
  }

  /** A referral as somebody sees it: these fields of it. */
  async referral(who, id, fields = "id version stage reference timeline { name words }") {
    return (await this.ask(who, `query($id: ID!) { referral(id: $id) { ${fields} } }`, { id })).referral;
  }

  /** Everybody of this name whom the persona may see, with how many referrals are open. */
  async people(who, search) {
    const query = "query($search: String!) { people(search: $search, first: 20) { edges { node { id name openReferrals } } } }";
    return (await this.ask(who, query, { search })).people.edges.map(({ node }) => node);
  }
}
