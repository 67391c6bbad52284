/**
 * Text as it is indexed and searched: lower case, without accents (é → e, й → и, ё → е), compatibility forms
 * unified. The same function folds names when they are stored and what the cashier types.
 */
export const foldForSearch = (text: string): string =>
  (ASCII.test(text) ? text : text.normalize('NFKD').replace(/\p{M}+/gu, '')).toLowerCase();

const ASCII = /^[\x20-\x7e]*$/;

/** The words of a search, folded: runs of letters and digits, in the order typed. */
export const searchWords = (text: string): string[] => foldForSearch(text).match(/[\p{L}\p{N}]+/gu) ?? [];
