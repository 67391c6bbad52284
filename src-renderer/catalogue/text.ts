/** The words of looking for an item. */
export const catalogueText = {
  search: 'Search, or scan',
  placeholder: 'Name, code or a part of it',
  clear: 'Clear the search',
  results: 'Items found',
  count: (count: number) => (count === 1 ? '1 item' : `${count} items`),
  searching: 'Searching…',
  nothing: 'Nothing found',
  nothingDetail: (text: string) => `No item has “${text}” in its name or code. Try fewer letters.`,
  failed: 'The search did not work',
  failedDetail: 'Type on to try again. Scanning still works.',
  inactive: 'no longer sold',
  hint: 'Enter puts the marked item on the ticket',
} as const;
