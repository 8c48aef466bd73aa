import { useRef } from 'react';
import type { HomeQuery } from './operations.generated.ts';

type Props = { readonly devices: HomeQuery['tokens'] | undefined; readonly onRevoke: (id: string) => Promise<unknown> };

const time = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });

/** The user's tokens, the newest first. */
export function Devices({ devices, onRevoke }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  const revoke = async (id: string) => {
    await onRevoke(id);
    heading.current?.focus(); // the button that had the focus is gone
  };
  return (
    <>
      <h2 ref={heading} tabIndex={-1}>
        Your devices
      </h2>
      <ul>
        {devices?.map(({ id, name, current, createdAt }) => (
          <li key={id}>
            <span id={id}>
              {name}, since {time.format(new Date(createdAt))}
            </span>
            {current ? (
              'This device'
            ) : (
              <button type="button" aria-describedby={id} onClick={() => revoke(id)}>
                Revoke
              </button>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}
