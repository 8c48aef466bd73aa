// In an old JavaScript that every Node takes that could be there: the first of these that is too old says so.

/** Ends the process with a sentence where Node is too old. @param {string} advice what else to say */
export function requireNode(advice) {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 23 || (major === 23 && minor >= 6) || (major === 22 && minor >= 18)) return;
  process.stderr.write(`This server needs Node 22.18 or later, and this is ${process.versions.node}.${advice}\n`);
  process.exit(1);
}
