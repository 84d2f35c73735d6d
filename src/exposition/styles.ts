import { COMPATIBLE_STYLE } from './compatibleStyle';
import { IDIOMATIC_STYLE } from './idiomaticStyle';
import { Style } from './Style';

/** The styles by the names that they have in a configuration. */
export const STYLES = {
    compatible: COMPATIBLE_STYLE,
    idiomatic: IDIOMATIC_STYLE,
} satisfies Readonly<Record<string, Style>>;

export type StyleName = keyof typeof STYLES;
