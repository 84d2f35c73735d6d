import { FamilySet } from './families';
import { OPEN_METRICS_FORMAT, TEXT_FORMAT } from './textFormats';

/** How families are written, whatever they are. */
export interface ExpositionFormat {
    /** The media type that a scraper asks for. */
    readonly mediaType: string;
    /** The parameters of the media type that say which format it is. */
    readonly parameters: Readonly<Record<string, string>>;
    /** The value of the Content-Type header. */
    readonly contentType: string;
    /**
     * Writes families and their values at one instant. Series that have no values are of a later instant, and left out.
     *
     * @returns the body in pieces of about 64 KiB. An empty piece is nothing but a place to pause.
     */
    readonly write: (sets: readonly FamilySet[]) => Generator<string, void, void>;
}

/** The formats that can be asked for; the first is the answer where nothing else is decided. */
export const EXPOSITION_FORMATS: readonly [ExpositionFormat, ...ExpositionFormat[]] = [
    TEXT_FORMAT,
    OPEN_METRICS_FORMAT,
];
