import { readFileSync } from 'node:fs';

const UTF_16 = /^(\xff\xfe|\xfe\xff)|\0/; // its byte-order marks in Latin-1, or a character that text in UTF-8 never has

/** The file cannot be read as text; the message follows the file's name. */
export class UnreadableText extends Error {}

/** Reads a file in UTF-8 and removes its byte-order mark. @throws UnreadableText if the file cannot be read or has another encoding */
export function readTextFile(file: string): string {
  const bytes = contentOf(file);
  if (UTF_16.test(bytes.toString('latin1'))) throw new UnreadableText('is in UTF-16, as some Windows programs save it: save it as UTF-8');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes); // removes the mark
  } catch {
    throw new UnreadableText('is not in UTF-8: save it as UTF-8');
  }
}

function contentOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new UnreadableText(`cannot be read (${error instanceof Error && 'code' in error ? error.code : error})`);
  }
}
