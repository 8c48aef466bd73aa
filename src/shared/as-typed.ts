/** Whether this runs as a package, compiled to JavaScript, and not in a clone. */
export const isPackage: boolean = import.meta.url.endsWith('.js');

/** Commands in a text as they are typed here: texts name them as in a clone. */
export const asTyped = (text: string): string => (isPackage ? asInPackage(text) : text);

/** `npm run manage migrate -- --check` is `npx graphql-token-auth migrate --check` where the server is a package. */
export const asInPackage = (text: string): string =>
  text
    .replaceAll(/ *\(npm keeps options for itself unless "--" comes first\.?\)/g, '')
    .replaceAll(/npm run (?:-s )?(?:manage\b ?|(?=seed\b))/g, 'npx graphql-token-auth ')
    .replaceAll('[-- options]', '[options]')
    .replaceAll(/ -- (?=-)/g, ' ');
