import { create } from 'zustand';
import type { Section } from './sections.ts';
import { leave } from './unsaved-store.ts';

/** The page of the office that is open; null: the first that the person may use. */
export const useSection = create<{ section: Section | null }>()(() => ({ section: null }));

/** Goes to a page; asks first where something unsaved would be lost. */
export const goToSection = (section: Section): Promise<void> => leave(() => useSection.setState({ section }));
