/** What a terminal signs with its key: the challenge behind a fixed purpose, so the signature serves nothing else. */
export const challengeText = (challenge: string): string => `tilldock terminal challenge\n${challenge}`;
