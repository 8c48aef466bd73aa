import type { Config } from '../config/config.ts';
import { GRACE } from './http/listen.ts';

/**
 * Stops and ends the process, once, at the first SIGTERM or SIGINT. Later ones must not cut it short: npm passes on a Ctrl-C that
 * the terminal has sent to every process already, and so does a supervisor.
 */
export function onStopSignal(stop: () => Promise<void>): void {
  let isStopping = false;
  const stopOnce = async () => {
    if (isStopping) return;
    isStopping = true;
    await stop();
    process.exit(0); // a database that does not answer may keep a connection open
  };
  process.on('SIGTERM', stopOnce).on('SIGINT', stopOnce);
}

/** What a person reads after Ctrl-C. */
export function whatIsWaitedFor({ shutdownDelay }: Pick<Config, 'shutdownDelay'>): string {
  const delay = shutdownDelay === 0 ? '' : `${shutdownDelay} s for load balancers to notice (SHUTDOWN_DELAY), then for `;
  return `stopping: waits for ${delay}requests that are running (${GRACE / 1000} s at most) and mails that are being sent`;
}

/**
 * Lets a signal end the process while there is nothing to stop yet. Others would end anyway; process 1 of a container would not notice.
 * @returns what leaves that to `onStopSignal`
 */
export function endOnSignal(): () => void {
  const end = (_signal: NodeJS.Signals, number: number) => process.exit(128 + number);
  process.on('SIGTERM', end).on('SIGINT', end);
  return () => process.off('SIGTERM', end).off('SIGINT', end);
}
