import { ConfigException, ConfigParams } from 'pip-services3-commons-nodex';
import { CounterType } from 'pip-services3-components-nodex';

import { withAffix } from '../../../src/exposition/idiomaticNames';
import { formatLabel, joinLabels } from '../../../src/exposition/labels';
import { createNaming } from '../../../src/exposition/mapping/createNaming';
import { SeriesName } from '../../../src/exposition/mapping/Naming';
import { readExpositionOptions } from '../../../src/exposition/mapping/readExpositionOptions';
import { IDIOMATIC_VECTORS } from '../../fixtures/idiomaticVectors';
import { thrownBy } from '../../fixtures/thrownBy';

const TYPES = {
    inc: CounterType.Increment,
    last: CounterType.LastValue,
    stats: CounterType.Statistics,
    time: CounterType.Interval,
    ts: CounterType.Timestamp,
};

/** Escapes a HELP of the text format 0.0.4. */
function escapeHelp(help: string): string {
    return help.replace(/[\\\n]/g, (character) => (character === '\n' ? '\\n' : '\\\\'));
}

/** The families that a series contributes to: the main one, and in the idiomatic style those beside a summary. */
function familiesOf({ metric }: SeriesName, type: CounterType, isIdiomatic: boolean): string[] {
    if (type !== CounterType.Interval && type !== CounterType.Statistics) return [metric];
    if (isIdiomatic) return [metric, withAffix(metric, '_max'), withAffix(metric, '_min')];
    return ['_max', '_min', '_average', '_count'].map((suffix) => metric + suffix);
}

/** The labels as they stand in the text, with those of the service that the series does not replace. */
function labelText({ labels }: SeriesName, service: Readonly<Record<string, string>> = {}): string {
    if (Object.keys(service).length === 0) return joinLabels(labels.map(formatLabel)).trim();
    const all = Object.entries({ ...service, ...Object.fromEntries(labels) });
    return joinLabels(all.sort(([one], [other]) => (one < other ? -1 : 1)).map(formatLabel)).trim();
}

/** The names and labels of all samples. */
function samples(text: string): { name: string; labels: string }[] {
    return text
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#'))
        .map((line) => {
            const end = line.search(/[{ ]/);
            return { name: line.slice(0, end), labels: line.slice(end, line.lastIndexOf(' ')) };
        });
}

function helps(text: string): [family: string, help: string][] {
    return [...text.matchAll(/^# HELP (\S+) (.*)$/gm)].map(([, family = '', help = '']) => [family, help]);
}

const WRITTEN = IDIOMATIC_VECTORS.filter(({ text }) => text !== undefined);

test('there are cases of both styles', () => {
    expect(WRITTEN).toHaveLength(50);
});

describe.each(WRITTEN)('$id, $what', ({ counters, service, calls, text = '', warnings }) => {
    const options = readExpositionOptions(ConfigParams.fromValue(counters));
    const isIdiomatic = options.style === 'idiomatic';
    const naming = createNaming(options);
    const resolved = calls.map(([method, name]) => ({
        type: TYPES[method],
        series: naming.resolve(name, TYPES[method]),
    }));
    const named = resolved.flatMap(({ type, series }) => (typeof series === 'string' ? [] : [{ type, series }]));
    const families = [...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name);

    test('each counter has a family, and each family a counter', () => {
        const all = named.map(({ type, series }) => familiesOf(series, type, isIdiomatic));
        for (const [main] of all) expect(families).toContain(main);
        for (const family of families) expect(all.flat()).toContain(family);
    });

    test('the labels of each series are those of its samples', () => {
        const written = samples(text);
        for (const { type, series } of named) {
            const [main = ''] = familiesOf(series, type, isIdiomatic);
            const ofFamily = written.filter(({ name }) => name.startsWith(main)).map(({ labels }) => labels);
            expect(ofFamily).toContain(labelText(series, service));
        }
    });

    test('each HELP is that of a counter', () => {
        const possible = named.flatMap(({ type, series: { metric, help } }) => {
            if (help === null) return [];
            const [main = '', max, min] = familiesOf({ metric, help, labels: [], mapping: null }, type, isIdiomatic);
            const text = escapeHelp(help);
            return [`${main} ${text}`, `${max ?? ''} ${text} (maximum)`, `${min ?? ''} ${text} (minimum)`];
        });
        for (const [family, help] of helps(text)) expect(possible).toContain(`${family} ${help}`);
    });

    test('what cannot be named is a warning, what is dropped is none', () => {
        const unnameable = resolved.filter(({ series }) => series === 'unnameable');
        expect(warnings).toBeGreaterThanOrEqual(unnameable.length);
        if (named.length === 0) expect(text).toBe('');
    });
});

test.each(IDIOMATIC_VECTORS.filter(({ refused }) => refused !== undefined))('$id, $what', ({ counters, refused }) => {
    const error = thrownBy(() => readExpositionOptions(ConfigParams.fromValue(counters)));
    expect(error).toBeInstanceOf(ConfigException);
    expect(error).toMatchObject({ code: refused });
});
