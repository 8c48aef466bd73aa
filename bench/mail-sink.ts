import { SMTPServer } from 'smtp-server';

/** An SMTP server that swallows every mail. A process of its own, so that its work is not taken for that of the server under test. */
const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  onData: (stream, _session, done) => stream.on('end', done).resume(),
});
server.on('error', () => {}); // a client that goes away
server.listen(0, '127.0.0.1', () => {
  const address = server.server.address();
  process.stdout.write(`${typeof address === 'object' ? address?.port : ''}\n`);
});
process.on('disconnect', () => process.exit());
