import execa, { type ExecaError } from 'execa';

interface Options {
	cwd: string;
	/** The environment; by default, that of this process */
	env?: NodeJS.ProcessEnv;
	/** The user that runs the command; by default, the user of this process */
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
	{ env = process.env, onPrint, ...options }: Options,
): Promise<string> {
	const child = execa(command, args, {
		...options,
		env,
		extendEnv: false,
		all: true,
		stdin: 'ignore',
		stripFinalNewline: false,
	});
	if (onPrint) child.all!.on('data', (chunk: Buffer) => onPrint(String(chunk)));
	try {
		return (await child).stdout;
	} catch (error) {
		const { shortMessage, all } = error as ExecaError;
		throw new Error(`${shortMessage} in ${options.cwd}:\n${all}`);
	}
}
