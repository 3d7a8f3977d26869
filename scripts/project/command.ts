import { spawn } from 'node:child_process';

interface Options {
	cwd: string;
	env?: NodeJS.ProcessEnv;
	/** The user that runs it; the user of this process when absent */
	uid?: number;
	gid?: number;
	/** Called with each piece of output as it comes */
	onPrint?: (text: string) => void;
}

/**
 * Runs a command to its end and returns what it printed to standard output.
 *
 * @throws an error with everything that the command printed, when it fails
 */
export async function run(
	command: string,
	args: string[],
	{ cwd, env, uid, gid, onPrint }: Options,
): Promise<string> {
	const child = spawn(command, args, {
		cwd,
		env: env ?? process.env,
		uid,
		gid,
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	let printed = '';
	let output = '';
	const print = (chunk: Buffer) => {
		printed += chunk;
		onPrint?.(String(chunk));
	};
	child.stdout.on('data', (chunk: Buffer) => {
		output += chunk;
		print(chunk);
	});
	child.stderr.on('data', print);
	const code = await new Promise((resolve, reject) => {
		child.once('error', reject);
		child.once('close', resolve);
	});
	if (code !== 0) {
		throw new Error(`${command} ${args.join(' ')} failed (${code}) in ${cwd}:\n${printed}`);
	}
	return output;
}
