import { z } from 'zod';

const letter = z.string().regex(/^[A-Z]$/, { error: 'must be one capital letter' });

/** What a thing is, for ever: a number within a family, of 24 and 16 bits, with a letter for type and class. */
export const identitySchema = z.strictObject({
  product_id: z.int().min(1).max(0xff_ffff),
  type: letter,
  lci: z.int().min(0).max(0xffff),
  physical_class: letter,
});
export type Identity = z.infer<typeof identitySchema>;

/** What is sold: an identity in one colour and condition. */
export const variantKeySchema = identitySchema.extend({
  colour_code: z.string().regex(/^[A-Z]{2}$/, { error: 'must be two capital letters' }),
  condition_code: letter,
});
export type VariantKey = z.infer<typeof variantKeySchema>;

/** The UPIS-H of an identity, `00845-P-1`: the product id has at least five digits, and more where it needs them. */
export const upisH = ({ product_id, type, lci }: Pick<Identity, 'product_id' | 'type' | 'lci'>): string =>
  `${product_id.toString().padStart(5, '0')}-${type}-${lci}`;

/**
 * The identity in fourteen upper-case hexadecimal digits, `00034D50450001`: product id, type, physical class, lci.
 * Its width is fixed, so no two identities share one. PostgreSQL computes the same in `name_identity()`.
 */
export const hexSignature = ({ product_id, type, lci, physical_class }: Identity): string =>
  hex(product_id, 6) + hex(type.charCodeAt(0), 2) + hex(physical_class.charCodeAt(0), 2) + hex(lci, 4);

/** The full SKU of a variant, `00845-P-1-WY-N`: UPIS-H, colour, condition. As `full_sku()` in PostgreSQL. */
export const fullSku = (key: Omit<VariantKey, 'physical_class'>): string =>
  `${upisH(key)}-${key.colour_code}-${key.condition_code}`;

const hex = (value: number, digits: number): string => value.toString(16).toUpperCase().padStart(digits, '0');
