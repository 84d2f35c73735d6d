import { FamilySet } from './families';
import { PROTOBUF_FORMAT } from './protobufFormat';
import { OPEN_METRICS_FORMAT, TEXT_FORMAT } from './textFormats';

/** A part of a body; an empty text is nothing but a place to pause. */
export type Piece = string | Uint8Array;

/** How families are written, whatever they are. */
export interface ExpositionFormat<P extends Piece = Piece> {
    /** The media type that a scraper asks for. */
    readonly mediaType: string;
    /** The parameters of the media type that say which format it is. */
    readonly parameters: Readonly<Record<string, string>>;
    /** Whether only those get the format that ask for it with all parameters. */
    readonly isExplicit: boolean;
    /** The value of the Content-Type header. */
    readonly contentType: string;
    /**
     * Writes families and their values at one instant. Series that have no values are of a later instant, and left out.
     *
     * @returns the body in pieces of about 64 KiB.
     */
    readonly write: (sets: readonly FamilySet[]) => Generator<P, void, void>;
}

/** The formats that can be asked for; the first is the answer where nothing else is decided. */
export const EXPOSITION_FORMATS: readonly [ExpositionFormat, ...ExpositionFormat[]] = [
    TEXT_FORMAT,
    OPEN_METRICS_FORMAT,
    PROTOBUF_FORMAT,
];
