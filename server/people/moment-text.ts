const FORMAT = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  timeZone: 'UTC',
});

/** A moment for people whose zone is not known: "24 November 2026 at 14:05 UTC". */
export const momentText = (moment: Date): string => `${FORMAT.format(moment)} UTC`;
