/** The words of people, PINs and the terminal itself. */
export const peopleText = {
  product: 'Tilldock',
  // starting
  starting: 'Starting the till…',
  startingLong: 'This takes longer than usual. The till checks what was saved before it opens.',
  stopped: 'The till has been shut down',
  stoppedDetail: 'Close this window and start Tilldock again.',
  noState: 'The till does not answer as it should',
  tryAgain: 'Try again',
  crashed: 'This screen has failed',
  crashedDetail:
    'Everything that was rung and paid is saved. Load the screen again and sign in; the open ticket is still there.',
  reload: 'Load again',
  // a browser without a token
  unpairedTitle: 'This screen is not connected to a till',
  unpairedDetail:
    'The address you used is no longer good: each opens one screen, once, within a quarter of an hour. Ask for a new one where the till was started.',
  // enrolment
  enrolTitle: 'Enrol this till',
  enrolDetail:
    'Ask a manager for a code. It is shown under “Terminals” on the server, and is good for ten minutes.',
  server: 'Server address',
  serverHint: 'For instance https://pos.example.com',
  code: 'Enrolment code',
  codeHint: 'Twelve letters and digits; capitals and dashes do not matter.',
  name: 'Name of this till',
  nameHint: 'Printed on receipts and shown to managers.',
  namePlaceholder: 'Till 1',
  enrol: 'Enrol',
  enrolling: 'Enrolling…',
  needed: 'Please fill this in.',
  badCode: 'A code has twelve letters and digits, without I, L, O and U.',
  badServer: 'An address begins with https:// or http://.',
  // sign-in
  whoTitle: 'Who is at the till?',
  people: 'People',
  nobody: 'The people of this shop are on their way',
  nobodyDetail: 'They arrive with the first exchange with the server. This screen goes on by itself.',
  nobodyWaiting: (items: string) => `${items} items fetched so far`,
  pinOf: (name: string) => `PIN of ${name}`,
  pin: 'PIN',
  signIn: 'Sign in',
  choosePerson: 'Choose your name, then enter your PIN.',
  pinLength: 'A PIN has 4 to 10 digits.',
  // step-up
  approvalTitle: 'Approval needed',
  approver: 'Who approves?',
  approve: 'Approve',
  nobodyApproves: 'Nobody who works at this till may approve this. Ask the office.',
  // another person goes on
  switchUser: 'Switch user',
  switchLabel: (name: string) => `${name} is signed in: switch user`,
  switchDetail: 'The ticket stays as it is. Whoever signs in goes on with it.',
  signedInNow: (name: string) => `${name} is signed in.`,
  rungBy: (name: string) => `rung by ${name}`,
  // how the till stands with the office
  revokedTitle: 'The office took this till out of service',
  revokedDetail: (waiting: number, count: string) =>
    `Finish the tickets that are open and close the day; nothing new can be sold here. ${
      waiting === 0
        ? 'Everything done here has been sent.'
        : waiting === 1
          ? 'One thing done here still waits to be sent.'
          : `${count} things done here still wait to be sent.`
    }`,
  silentTitle: (days: number) => `No word from the office for ${days} days`,
  silentDetail: 'Prices and people may have changed. Selling goes on.',
  silentConsent:
    'Prices and people may have changed. Selling goes on; other prices, refunds and corrections want a PIN each time.',
  noCopies: 'No copies of the records are being made',
  // bar
  lock: 'Lock',
  lockLabel: (name: string) => `Lock the till (${name} is signed in)`,
  waitingCart: 'A ticket is open and waits.',
} as const;
