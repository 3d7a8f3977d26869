type Callback = () => void;

interface Timer {
	due: number;
	number: number;
	call: Callback;
}

const realNow = Date.now;
const realSetTimeout = globalThis.setTimeout;
const realPerformanceNow = performance.now.bind(performance);

/** Time in ms that passes only when everybody waits, for `setTimeout`, `performance.now` and `Date.now`. */
export class VirtualTime {
	/** How wrong n8n's clock is, in ms */
	skew = 0;

	private time = 1_700_000_000_000;

	private timers: Timer[] = [];

	private count = 0;

	private isFlying = false;

	get now(): number {
		return this.time;
	}

	/** In Unix seconds */
	get second(): number {
		return Math.floor(this.time / 1000);
	}

	/** @param isFlying whether time passes by itself, for tests that wait for nothing but time */
	install({ isFlying = false } = {}): void {
		this.isFlying = isFlying;
		const setTimeout = (call: Callback, delay = 0) => this.add(call, delay);
		globalThis.setTimeout = setTimeout as unknown as typeof globalThis.setTimeout;
		performance.now = () => this.time - 1_600_000_000_000;
		Date.now = () => this.time + this.skew;
	}

	uninstall(): void {
		globalThis.setTimeout = realSetTimeout;
		performance.now = realPerformanceNow;
		Date.now = realNow;
	}

	async sleep(ms: number): Promise<void> {
		await new Promise<void>((resolve) => this.add(resolve, ms));
	}

	/** Lets time pass until the promise is settled, or until this time. */
	async run<T>(promise: Promise<T>, until = Infinity): Promise<T | undefined> {
		let outcome: { value: T } | { error: unknown } | undefined;
		promise.then(
			(value) => (outcome = { value }),
			(error: unknown) => (outcome = { error }),
		);
		for (;;) {
			await new Promise((resolve) => setImmediate(resolve));
			if (outcome) {
				if ('error' in outcome) throw outcome.error;
				return outcome.value;
			}
			const next = this.timers[0];
			if (!next || next.due > until) {
				this.time = Math.max(this.time, until === Infinity ? this.time : until);
				if (!next && until === Infinity) throw new Error('Nobody will ever go on');
				return undefined;
			}
			this.passToNextTimer();
		}
	}

	/** Lets this much time pass. */
	async pass(ms: number): Promise<void> {
		await this.run(new Promise<never>(() => {}), this.time + ms);
	}

	private add(call: Callback, delay: number): number {
		const timer = { due: this.time + Math.max(0, delay), number: this.count++, call };
		let index = this.timers.length;
		while (index > 0 && this.timers[index - 1]!.due > timer.due) index--;
		this.timers.splice(index, 0, timer);
		if (this.isFlying) setImmediate(() => this.passToNextTimer());
		return timer.number;
	}

	private passToNextTimer(): void {
		const timer = this.timers.shift();
		if (!timer) return;
		this.time = Math.max(this.time, timer.due);
		timer.call();
	}
}

/** Time for all tests of a file, or of a `describe` */
export function useVirtualTime(options?: { isFlying: boolean }): VirtualTime {
	const time = new VirtualTime();
	beforeAll(() => time.install(options));
	afterAll(() => time.uninstall());
	return time;
}

/** Time that passes by itself */
export const letTimeFly = () => useVirtualTime({ isFlying: true });
