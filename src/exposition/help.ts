import { SeriesName } from './mapping/Naming';

/** Higher than the index of any mapping. */
export const NO_MAPPING = 1e6;

/** A HELP of a metric, and how good it is. */
export interface Help {
    readonly help: string | null;
    /** Of several texts the one with the lowest rank counts, and of equals the first one. */
    readonly helpRank: number;
}

/** Ranks the HELP of a series: one that a mapping gives, one made for a mapping, for a name of the toolkit, for another name. */
function rankHelp({ helpRank, mapping, labels }: SeriesName): number {
    if (helpRank !== undefined) return helpRank;
    if (mapping !== null) return mapping.help === undefined ? NO_MAPPING + mapping.index : mapping.index;
    return labels.length > 0 ? 2 * NO_MAPPING : 3 * NO_MAPPING;
}

/** Gets the HELP of a series. */
export function helpOf(series: SeriesName): Help {
    return { help: series.help, helpRank: rankHelp(series) };
}

/** Gets the place of the mapping that names a series; a higher number if none does. */
export function mappingIndexOf({ mapping }: Pick<SeriesName, 'mapping'>): number {
    return mapping?.index ?? NO_MAPPING;
}

/** Checks if a HELP is to be taken instead of an earlier one; none is worse than any. */
export function isBetterHelp(one: Help, other: Help): boolean {
    if (one.help === null || other.help === null) return one.help !== null;
    return one.helpRank < other.helpRank;
}
