import { CounterType } from 'pip-services3-components-nodex';

import { Mapping } from './mappings';

/** A mapping with a glob, and what decides between those that match: the lowest rank counts. */
interface RankedGlob {
    readonly rank: number;
    readonly mapping: Mapping;
    readonly segments: readonly string[];
}

/** The globs that begin with the same segments. */
interface Node {
    readonly literals: Map<string, Node>;
    wildcard: Node | undefined;
    /** The globs that end here, by rank. */
    readonly ends: RankedGlob[];
}

/** Finds the glob for a name segment by segment, so that many globs cost a name hardly more than a few. */
export class GlobTree {
    private readonly root = createNode();

    /**
     * @param mappings          mappings with globs and others.
     * @param disableOrdering   true for the glob with the earliest literal segment, false for the first one.
     */
    public constructor(mappings: readonly Mapping[], disableOrdering: boolean) {
        const globs = mappings.flatMap((mapping) =>
            'segments' in mapping.pattern ? [{ mapping, segments: mapping.pattern.segments }] : []
        );
        if (disableOrdering)
            globs.sort((one, other) => specificity(one.segments).localeCompare(specificity(other.segments)));
        globs.forEach((glob, rank) => this.add({ ...glob, rank }));
    }

    /** Finds the mapping that counts for the segments of a name, and what its wildcards have matched. */
    public find(
        segments: readonly string[],
        type: CounterType
    ): { mapping: Mapping; wildcards: readonly string[] } | undefined {
        const found = this.search(this.root, segments, 0, type);
        if (found === undefined) return undefined;
        return { mapping: found.mapping, wildcards: segments.filter((_, at) => found.segments[at] === '*') };
    }

    private add(glob: RankedGlob): void {
        let node = this.root;
        for (const segment of glob.segments) node = getNext(node, segment);
        node.ends.push(glob);
    }

    private search(
        node: Node | undefined,
        segments: readonly string[],
        at: number,
        type: CounterType
    ): RankedGlob | undefined {
        const segment = segments[at];
        if (node === undefined) return undefined;
        if (segment === undefined) return node.ends.find(({ mapping }) => mapping.types?.includes(type) ?? true);
        const literal = this.search(node.literals.get(segment), segments, at + 1, type);
        const wildcard = this.search(node.wildcard, segments, at + 1, type);
        if (literal === undefined || wildcard === undefined) return literal ?? wildcard;
        return literal.rank < wildcard.rank ? literal : wildcard;
    }
}

function createNode(): Node {
    return { literals: new Map(), wildcard: undefined, ends: [] };
}

/** Gets the node that a segment of a glob leads to. */
function getNext(node: Node, segment: string): Node {
    if (segment === '*') return (node.wildcard ??= createNode());
    const next = node.literals.get(segment) ?? createNode();
    node.literals.set(segment, next);
    return next;
}

/** Sorts literal segments before wildcards, from left to right. */
function specificity(segments: readonly string[]): string {
    return segments.map((segment) => (segment === '*' ? '1' : '0')).join('');
}
