/** What the references of a template stand for. */
export interface Captures {
    /** The whole name, and then what each wildcard or group has matched. */
    readonly groups: readonly (string | undefined)[];
    readonly named?: Readonly<Record<string, string | undefined>> | undefined;
}

/** `$1`, `${1}`, `$name`, `${name}` and `$$`; digits end where other characters begin, so `$1_total` is `$1` and a text. */
const REFERENCE = /\$(\$|\d+|[a-zA-Z_]\w*|\{\w+\})/g;

/** Replaces the references of a template. One that stands for nothing gives nothing. */
export function expandTemplate(template: string, { groups, named }: Captures): string {
    return template.replace(REFERENCE, (_, reference: string) => {
        if (reference === '$') return '$';
        const key = reference.replace(/^\{|\}$/g, '');
        return (/^\d+$/.test(key) ? groups[Number(key)] : named?.[key]) ?? '';
    });
}

/** Expands the template of a metric name, and makes a legal one of it; empty if nothing is left. */
export function expandName(template: string, captures: Captures): string {
    const name = expandTemplate(template, captures).replace(/[^a-zA-Z0-9_]/gu, '_');
    return /^\d/.test(name) ? `_${name}` : name;
}

/** Checks the template of a metric name. A colon is legal in Prometheus, but meant for recording rules. */
export function isNameTemplate(template: string): boolean {
    return isName(template.replace(REFERENCE, 'a'));
}

/** Checks a name of a metric, or its beginning, or of a label: Prometheus documentation, concepts/data_model.md. */
export function isName(text: string): boolean {
    return /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(text);
}
