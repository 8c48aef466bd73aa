/** A demo account to try the API with. */
export type DemoPerson = {
  readonly username: string;
  readonly firstName: string;
  readonly lastName: string;
  /** The User-Agents of the devices that are signed in already. */
  readonly devices: readonly string[];
  readonly isActive: boolean;
  readonly isStaff: boolean;
  /** What makes this person worth trying, for the one who seeds. */
  readonly about: string;
};

/** Of all of them, and known to all readers of this code: good enough for the password rules, and for nothing else. */
export const DEMO_PASSWORD = 'try-the-demo-1';

/** What is stored of a person. */
export const profileOf = ({ username, firstName, lastName }: DemoPerson) => ({
  username,
  firstName,
  lastName,
  email: `${username}@demo.example`,
});

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0';
const SAFARI =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1';
const CURL = 'curl/8.16.0';

const ordinary = { devices: [], isActive: true, isStaff: false };

export const demoPeople: readonly DemoPerson[] = [
  {
    ...ordinary,
    username: 'ann',
    firstName: 'Ann',
    lastName: 'Archer',
    devices: [FIREFOX, SAFARI, CURL],
    about: 'signed in on three devices',
  },
  { ...ordinary, username: 'ben', firstName: 'Ben', lastName: 'Baker', devices: [SAFARI], about: 'signed in on a phone' },
  { ...ordinary, username: 'sue', firstName: 'Sue', lastName: 'Smith', isStaff: true, about: 'staff' },
  { ...ordinary, username: 'ivo', firstName: 'Ivo', lastName: 'Iles', isActive: false, about: 'inactive: cannot log in' },
];
