/** The labels that every series has. The instance is named as Kubernetes names a pod. */
export const SOURCE = 'order-service';
export const INSTANCE = 'order-service-6c7d9f8b5-x2x9q';

const SERVICES = ['orders', 'invoices', 'customers', 'deliveries', 'products', 'payments', 'accounts', 'returns'];
const VERBS = ['get', 'create', 'update', 'delete', 'validate', 'find', 'approve', 'cancel'];

/** How the names of the counters look. */
export const NAMINGS = {
    /** Of the form service.command.exec_time: four families, and each counter is one series in each. */
    command: (service, command) => `${service}.${command}.exec_time`,
    /** Of any other form: each counter has families of its own. */
    other: (service, command) => `${service}.${command}.duration`,
};

/**
 * Makes the counters of a generation; no two generations share a name.
 *
 * @returns {{ name: string, service: string, command: string }[]}
 */
export function makeCounters(size, naming, generation = 0) {
    return Array.from({ length: size }, (_, index) => {
        const service = SERVICES[index % SERVICES.length];
        const verb = VERBS[Math.floor(index / SERVICES.length) % VERBS.length];
        const command = `${verb}_by_region_${generation}_${String(index).padStart(6, '0')}`;
        return { name: NAMINGS[naming](service, command), service, command };
    });
}

/** Which counters change in a round. */
export const CHANGES = {
    all: () => true,
    'one percent': (index, round) => index % 100 === round % 100,
};

/**
 * The durations in milliseconds that a counter measures in a round: one below all before, one above, and one between,
 * so that maximum, minimum, average and count all change, and most averages have a long fraction.
 */
export function durations(index, round) {
    return [1000 + (index % 50) - round, 2000 + (index % 3000) + round, 1200 + ((7 * index + 13 * round) % 400)];
}

/** Durations that are spread over four decades, so that each histogram gets to about 50 native buckets of factor 1.1. */
export function spreadDurations(index, round) {
    return [0, 1, 2].map((at) => 10 ** (((index + 7 * round + 13 * at) % 56) / 14));
}

/** What the counters must show: the same aggregation as the toolkit's, done apart from it. */
export class Expected {
    constructor(size) {
        this.size = size;
        this.clear();
    }

    clear() {
        const { size } = this;
        this.max = new Float64Array(size).fill(-Infinity);
        this.min = new Float64Array(size).fill(Infinity);
        this.average = new Float64Array(size);
        this.count = new Float64Array(size);
    }

    /** Takes the durations of a round. */
    change(round, changes) {
        for (let index = 0; index < this.size; index++) {
            if (!changes(index, round)) continue;
            for (const duration of durations(index, round)) this.add(index, duration);
        }
    }

    add(index, duration) {
        this.max[index] = Math.max(this.max[index], duration);
        this.min[index] = Math.min(this.min[index], duration);
        this.count[index]++;
        this.average[index] += (duration - this.average[index]) / this.count[index];
    }

    /** The sum of all samples. */
    sum() {
        return [this.max, this.min, this.average, this.count]
            .flatMap((values) => [...values])
            .reduce((a, b) => a + b, 0);
    }
}
