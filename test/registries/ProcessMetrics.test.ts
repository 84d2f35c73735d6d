import perfHooks, { PerformanceObserver } from 'node:perf_hooks';

import * as successor from '@prometheus-io/client';
import * as promClient from 'prom-client';

import { ProcessMetrics } from '../../src/registries/ProcessMetrics';
import { PromClient } from '../../src/registries/promClient';

const CLIENTS: readonly (readonly [string, PromClient])[] = [
    ['prom-client', promClient as unknown as PromClient],
    ['@prometheus-io/client', successor as unknown as PromClient],
];

interface Metric {
    readonly name: string;
    readonly values: readonly { readonly value: number }[];
}

describe.each(CLIENTS)('%s', (_, client) => {
    let opened: ProcessMetrics[];
    const open = () => {
        const metrics = new ProcessMetrics(client);
        opened.push(metrics);
        return metrics;
    };
    const namesOf = async ({ registry }: ProcessMetrics) =>
        ((await registry.getMetricsAsJSON()) as Metric[]).map(({ name }) => name);

    beforeEach(() => (opened = []));
    afterEach(() => {
        opened.forEach((metrics) => metrics.stop());
        jest.restoreAllMocks();
    });

    test('the names that dashboards ask for, in a registry of its own, and again when it is opened again', async () => {
        const expected = expect.arrayContaining([
            'process_cpu_seconds_total',
            'process_resident_memory_bytes',
            'nodejs_eventloop_lag_seconds',
            'nodejs_eventloop_lag_p99_seconds',
            'nodejs_heap_size_used_bytes',
            'nodejs_gc_duration_seconds',
            'nodejs_version_info',
        ]) as string[];
        const first = open();
        expect(await namesOf(first)).toEqual(expected);
        first.stop();
        expect(await namesOf(open())).toEqual(expected);
        expect(await client.register.getMetricsAsJSON()).toEqual([]);
    });

    test('each observer, timer and monitor that is started is stopped', () => {
        const started: string[] = [];
        const stopped: string[] = [];
        const note = (list: string[], name: string) => () => void list.push(name);
        const monitor = perfHooks.monitorEventLoopDelay;
        jest.spyOn(perfHooks, 'monitorEventLoopDelay').mockImplementation((options) => {
            const histogram = monitor(options);
            jest.spyOn(histogram, 'enable').mockImplementation(() => started.push('monitor') > 0);
            jest.spyOn(histogram, 'disable').mockImplementation(() => stopped.push('monitor') > 0);
            return histogram;
        });
        jest.spyOn(PerformanceObserver.prototype, 'observe').mockImplementation(note(started, 'observer'));
        jest.spyOn(PerformanceObserver.prototype, 'disconnect').mockImplementation(note(stopped, 'observer'));
        const timers = new Set<unknown>();
        const { setInterval: setTimer, clearInterval: clearTimer } = globalThis;
        jest.spyOn(globalThis, 'setInterval').mockImplementation((...parameters) => {
            const timer = setTimer(...parameters);
            timers.add(timer);
            started.push('timer');
            return timer;
        });
        jest.spyOn(globalThis, 'clearInterval').mockImplementation((timer) => {
            if (timers.has(timer)) stopped.push('timer');
            clearTimer(timer);
        });

        const metrics = open();
        expect(started).toEqual(expect.arrayContaining(['monitor', 'observer']));
        expect(stopped).toEqual([]);
        metrics.stop();
        expect(stopped.sort()).toEqual(started.sort());
    });

    test('what collects is made by functions of Node again afterwards, also if it fails', () => {
        const before = [perfHooks.PerformanceObserver, perfHooks.monitorEventLoopDelay, globalThis.setInterval];
        open();
        const collectDefaultMetrics = () => {
            throw new Error('no');
        };
        expect(() => new ProcessMetrics({ ...client, collectDefaultMetrics })).toThrow('no');
        expect([perfHooks.PerformanceObserver, perfHooks.monitorEventLoopDelay, globalThis.setInterval]).toEqual(
            before
        );
    });
});
