const { build } = require('esbuild');
const { dest, parallel, series, src } = require('gulp');
const { cp, readdir, readFile, rm } = require('node:fs/promises');
const { join } = require('node:path');

// What qs drags along for old engines uses globals that n8n's package scan forbids.
const modernStandIns = {
	name: 'modern-stand-ins',
	setup({ onResolve, onLoad }) {
		const contents = {
			'side-channel': 'module.exports = () => new WeakMap();',
			'es-define-property': 'module.exports = Object.defineProperty;',
		};
		onResolve({ filter: /^(side-channel|es-define-property)$/ }, ({ path }) => ({
			path,
			namespace: 'modern-stand-ins',
		}));
		onLoad({ filter: /.*/, namespace: 'modern-stand-ins' }, ({ path }) => ({
			contents: contents[path],
		}));
	},
};

const clean = () => rm('dist', { recursive: true, force: true });

const bundle = async () => {
	const { metafile } = await build({
		entryPoints: ['nodes/**/*.node.ts', 'credentials/**/*.credentials.ts'],
		outdir: 'dist',
		outbase: '.',
		bundle: true,
		platform: 'node',
		format: 'cjs',
		target: 'node20',
		external: ['n8n-workflow'],
		plugins: [modernStandIns],
		metafile: true,
	});
	await Promise.all(findLibraries(metafile).map(copyLicence));
};

/** The folders of the packages that have code in a bundle, such as `node_modules/qs`. */
const findLibraries = ({ outputs }) => {
	const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
	const folders = inputs
		.filter(([, { bytesInOutput }]) => bytesInOutput > 0)
		.flatMap(([file]) => file.match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+/) ?? []);
	return [...new Set(folders)];
};

/** The licences are also the list of what is bundled, which SECURITY.md has to match. */
const copyLicence = async (folder) => {
	const { name, version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
	const licence = (await readdir(folder)).find((file) => /^(licen[cs]e|copying)/i.test(file));
	if (!licence) throw new Error(`${name} has no licence to ship with its code.`);
	await cp(join(folder, licence), join('dist', 'licences', `${name}@${version}`, licence));
};

/** Icons, the codex, and the schema of the items, by which n8n offers their fields before the first event. */
const copyAssets = () =>
	src(['nodes/**/*.{svg,node.json}', 'nodes/**/__schema__/*.json'], {
		base: '.',
		encoding: false,
	}).pipe(dest('dist'));

exports.build = series(clean, parallel(bundle, copyAssets));
