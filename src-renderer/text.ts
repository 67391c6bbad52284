/** The words of the frame around all areas: the rail, the status bar, the keys. */
export const appText = {
  places: { sell: 'Sell', tickets: 'Tickets', day: 'Day', sync: 'Sync', till: 'Till' },
  rail: 'Places',
  help: 'Keys',
  helpTitle: 'Keys',
  helpDetail: 'A scanner needs no key: scan at any time, wherever the cursor is.',
  noDay: 'No day open',
  day: (date: string) => `Day ${date}`,
  keys: [
    {
      title: 'Everywhere',
      keys: [
        ['?', 'Show these keys'],
        ['Alt+1 … 5', 'Sell, Tickets, Day, Sync, Till'],
        ['Ctrl+L', 'Lock the till'],
        ['Ctrl+U', 'Switch user; the ticket stays'],
        ['Esc', 'Back, or close'],
      ],
    },
    {
      title: 'Selling',
      keys: [
        ['F2 or /', 'Search; or simply type'],
        ['↑ ↓', 'Select a line, or a result'],
        ['+ −', 'One more, one fewer of the selected line'],
        ['F3', 'Quantity of the selected line'],
        ['F4', 'Price of the selected line'],
        ['F6', 'Discount on the selected line'],
        ['F7', 'Discount on the ticket'],
        ['Delete', 'Remove the selected line'],
        ['Ctrl+Z', 'Undo'],
        ['F8', 'Hold'],
        ['F9', 'Tickets on hold'],
        ['F10', 'Pay'],
      ],
    },
    {
      title: 'Paying',
      keys: [
        ['0 … 9', 'Key in an amount'],
        ['Enter', 'Cash: the amount keyed in, or exactly'],
        ['F2 … F6', 'The means of payment, in their order'],
        ['Enter or a scan', 'Next customer, once paid'],
      ],
    },
  ],
} as const;
