import { readFileSync } from 'node:fs';

const UTF_16 = /^(\xff\xfe|\xfe\xff)|\0/; // its byte-order marks in Latin-1, or what no text in UTF-8 has

/** Why a file is no text; the message goes behind the file's name. */
export class UnreadableText extends Error {}

/** A file in UTF-8, without a byte-order mark. @throws UnreadableText for another encoding, and when it cannot be read */
export function readTextFile(file: string): string {
  const bytes = contentOf(file);
  if (UTF_16.test(bytes.toString('latin1')))
    throw new UnreadableText('is in UTF-16, as some programs of Windows write it: save it as UTF-8');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes); // which takes the mark away
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
