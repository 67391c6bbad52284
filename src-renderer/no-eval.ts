import { z } from 'zod';

/**
 * The content security policy forbids what zod would compile, and each schema asks at its making. So this is said
 * before any schema is made: `main.tsx` imports this file first.
 */
z.config({ jitless: true });
