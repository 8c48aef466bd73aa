/** A body of about 100 kB that a stranger may send. */
export type Shape = {
  readonly name: string;
  /** @param n makes the body another one each time, or a cache would answer */
  readonly body: (n: number) => string;
};

const BYTES = 98_000; // the server takes 100,000
const DOCUMENT_BYTES = 14_500; // the server takes 15,000 characters
const TOKENS = 980; // the server takes 1,000

const LOGIN = 'mutation ($input: LoginInput!) { login(input: $input) { status { code } } }';
const REGISTER = 'mutation ($input: RegisterInput!) { register(input: $input) { status { code } } }';
const EVENTS = 'query ($n: Int) { securityEvents(first: $n) { edges { cursor } } }';

/** One text, as often as it fits. */
const run = (text: string, bytes = BYTES): string => text.repeat(Math.floor(bytes / Buffer.byteLength(text)));

/** The same with commas between. */
const list = (item: string, bytes = BYTES): string => run(`${item},`, bytes).slice(0, -1);

/** Members of a JSON object, each with a key of its own. */
const keys = (): string => Array.from({ length: Math.floor(BYTES / 8) }, (_, n) => `"${n.toString(36)}":0`).join(',');

const nested = (open: string, close: string, inner: string): string => {
  const levels = Math.floor(BYTES / (open.length + close.length));
  return open.repeat(levels) + inner + close.repeat(levels);
};

/** A short document with long variables, which are JSON already. */
const variables = (name: string, query: string, json: (n: number) => string): Shape => ({
  name,
  body: (n) => `{"query":${JSON.stringify(`${query} # ${n}`)},"variables":${json(n)}}`,
});

/** Variables of a login. */
const login = (name: string, input: string): Shape => variables(name, LOGIN, () => `{"input":{"password":"",${input}}}`);

/** A document as long as one may be; extensions fill the body up. */
const document = (name: string, text: string): Shape => ({
  name,
  body: (n) => {
    const query = JSON.stringify(`${text} # ${n}`);
    return `{"query":${query},"extensions":{"x":"${run('x', BYTES - Buffer.byteLength(query))}"}}`;
  },
});

/** As many different parts as the tokens of a document allow. @param tokens of one */
const parts = (tokens: number, part: (n: number) => string): string =>
  Array.from({ length: Math.floor(TOKENS / tokens) }, (_, n) => part(n)).join(' ');

const MARKS = '\u0301\u0316'; // an accent above and one below, which NFKC puts in order
const marks = `a${run(MARKS, BYTES / 5)}`;

export const shapes: readonly Shape[] = [
  login('a name of combining marks', `"username":"a${run(MARKS)}"`),
  login('unknown keys in an input', `"username":"a",${keys()}`),
  variables('unknown variables', '{ hello }', () => `{${keys()}}`),
  login('the same key again and again', list('"username":""')),
  login('objects inside each other', `"username":${nested('{"a":', '}', '0')}`),
  login('lists inside each other', `"username":${nested('[', ']', '')}`),
  login('a list of numbers for a text', `"username":[${list('0')}]`),
  login('a list of objects for a text', `"username":[${list('{}')}]`),
  variables('a list of logins', LOGIN, () => `{"input":[${list('{"username":"a","password":""}')}]}`),
  login('a long name', `"username":"${run('a')}"`),
  variables('a long password', LOGIN, () => `{"input":{"username":"a","password":"${run('a')}"}}`),
  login('a name of Unicode escapes', `"username":"${run('\\u0041')}"`),
  login('a name of escaped combining marks', `"username":"a${run('\\u0301\\u0316')}"`),
  login('a name of ligatures that NFKC makes 18 times as long', `"username":"${run('\ufdfa')}"`),
  login('a name of lone surrogates', `"username":"${run('\\ud800')}"`),
  variables('combining marks in every text of a registration', REGISTER, () => {
    return `{"input":{"username":"${marks}","email":"${marks}@${marks}.org","firstName":"${marks}","lastName":"${marks}","password":"x"}}`;
  }),
  variables('a password to compare with long names', REGISTER, () => {
    const [words, dashes] = [run('ab ', BYTES / 2 - 4000), run('ba-', BYTES / 2 - 4000)];
    return `{"input":{"username":"a","firstName":"${words}","lastName":"${dashes}","password":"${run('ab', 4096)}"}}`;
  }),
  variables('a long address', 'mutation ($to: String!) { requestPasswordReset(input: {email: $to}) { status { code } } }', () => {
    return `{"to":"${run('a.')}@example.org"}`;
  }),
  variables(
    'a long link',
    'mutation ($link: String!) { resetPassword(input: {token: $link, newPassword: "x"}) { status { code } } }',
    () => {
      return `{"link":"${run('0')}"}`;
    },
  ),
  variables('a search for combining marks', 'query ($text: String) { users(search: $text) { edges { cursor } } }', () => {
    return `{"text":"a${run(MARKS)}"}`;
  }),
  variables('a long cursor', 'query ($after: String) { users(after: $after) { edges { cursor } } }', () => `{"after":"${run('A')}"}`),
  variables('a long date', 'mutation ($at: DateTime) { createToken(input: {name: "a", password: "", expiresAt: $at}) { token } }', () => {
    return `{"at":"${run('9')}-01-01T00:00:00Z"}`;
  }),
  variables('a number of many digits', EVENTS, () => `{"n":${run('9')}}`),
  variables('a list of huge numbers', EVENTS, () => `{"n":[${list('1e999')}]}`),
  { name: 'extensions with many keys', body: (n) => `{"query":"{ hello } # ${n}","extensions":{${keys()}}}` },
  { name: 'extensions inside each other', body: (n) => `{"query":"{ hello } # ${n}","extensions":{"a":${nested('[', ']', '')}}}` },
  { name: 'a batch', body: () => `[${list('{"query":"{hello}"}')}]` },
  { name: 'unknown parameters', body: (n) => `{"query":"{ hello } # ${n}",${keys()}}` },
  { name: 'a long operation name', body: (n) => `{"query":"{ hello } # ${n}","operationName":"${run('a')}"}` },
  { name: 'a document that is too long', body: (n) => `{"query":"{ hello } # ${n} ${run('a')}"}` },
  { name: 'blanks around the parameters', body: (n) => `{"query":"{ hello } # ${n}"${run(' ')}}` },
  { name: 'JSON that breaks off at its end', body: (n) => `{"query":"{ hello } # ${n}","variables":{"a":[${list('0')}` },
  document('one long comment', `{ hello } # ${run('x', DOCUMENT_BYTES)}`),
  document('many comments', `{ hello } ${run('\n#', DOCUMENT_BYTES)}`),
  document('blanks and commas', `{ hello } ${run(', ', DOCUMENT_BYTES)}`),
  document('brackets inside each other', `${'{a'.repeat(TOKENS / 3)}${'}'.repeat(TOKENS / 3)}`),
  document('lists inside each other in the document', `{ user(id: ${'['.repeat(480)}${']'.repeat(480)}) { id } }`),
  document('aliases', `{ ${parts(3, (n) => `a${n}: hello`)} }`),
  document('the same field again and again', `{ me { ${parts(1, () => 'id')} } }`),
  document('the same unknown field with a selection', `{ me { ${parts(4, () => 'devices { id }')} } }`),
  document('unknown fields', `{ me { ${parts(1, (n) => `k${n}`)} } }`),
  document('unknown fragments', `{ ${parts(2, (n) => `...F${n}`)} }`),
  document('fragments that spread the next', `{ ...F0 } ${parts(8, (n) => `fragment F${n} on Query { ...F${n + 1} }`)}`),
  document(
    'fragments that spread the next twice',
    `{ ...F0 } ${parts(10, (n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`)}`,
  ),
  document('fragments in a circle', `{ ...F0 } ${parts(8, (n) => `fragment F${n} on Query { ...F${(n + 1) % 122} }`)}`),
  document('one fragment again and again', `{ ${parts(2, () => '...F')} } fragment F on Query { me { id } }`),
  document('inline fragments', `{ me { ${parts(8, () => '... on User { id username }')} } }`),
  document('unknown directives', `{ hello ${parts(2, (n) => `@d${n}`)} }`),
  document(
    'operations',
    parts(5, (n) => `query q${n} { hello }`),
  ),
  document('variables that nothing uses', `query (${parts(5, (n) => `$v${n}: Int`)}) { hello }`),
  document('unknown arguments', `{ users(${parts(3, (n) => `a${n}: 1`)}) { edges { cursor } } }`),
  document('unknown keys in the document', `mutation { login(input: { ${parts(3, (n) => `k${n}: 1`)} }) { token } }`),
  document('a number of many digits in the document', `{ users(first: ${run('9', DOCUMENT_BYTES)}) { edges { cursor } } }`),
  document('a block of lines', `{ user(id: """${run('\n ', DOCUMENT_BYTES)}""") { id } }`),
  document(
    'a name of combining marks in the document',
    `mutation { login(input: {username: "a${run(MARKS, 2 * DOCUMENT_BYTES)}", password: ""}) { token } }`,
  ),
  document('questions about the schema', `{ ${parts(9, () => '__schema { types { fields { name } } }')} }`),
];
