import { z } from 'zod';
import type { Problem } from '../../part/problem.ts';
import { useTill } from '../../people/till-store.ts';
import { entryText } from './text.ts';

/** What every way into the office asks for: the server, where the terminal does not know it yet. */
export type AtDoor = { server_url: string };

/** The address that was typed; empty where the terminal knows its server. */
export const serverSchema = z
  .string()
  .transform((address) => address.trim().replace(/\/+$/, ''))
  .pipe(
    z.string().refine((address) => isEnrolled() || /^https?:\/\/[^/\s]+/.test(address), {
      error: entryText.badServer,
    }),
  );

/** A refused sign-in in words for people at a screen, who know of no other way to say who they are. */
export const atTheDoor = (problem: Problem | null): Problem | null =>
  problem?.code === 'sign_in_refused' ? { ...problem, detail: entryText.refused } : problem;

const isEnrolled = (): boolean => useTill.getState().state?.terminal != null;
