/** How often a log gets a line, and a terminal the current one, in ms */
const LOG_INTERVAL = 5_000;
const TERMINAL_INTERVAL = 200;

/** Shows on standard error how far a run is: on one line of a terminal, on a line now and then elsewhere. */
export function showProgress(describe: () => string): { stop(): void } {
	const { stderr } = process;
	const isTerminal = stderr.isTTY;
	const clearLine = isTerminal ? '\r\x1b[K' : '';
	const show = () => stderr.write(clearLine + describe() + (isTerminal ? '' : '\n'));
	const timer = setInterval(show, isTerminal ? TERMINAL_INTERVAL : LOG_INTERVAL);
	return {
		stop() {
			clearInterval(timer);
			stderr.write(clearLine);
		},
	};
}
