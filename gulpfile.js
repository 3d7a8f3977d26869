const { build } = require('esbuild');
const { dest, parallel, series, src } = require('gulp');
const { rm } = require('node:fs/promises');

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

const bundle = () =>
	build({
		entryPoints: ['nodes/**/*.node.ts', 'credentials/**/*.credentials.ts'],
		outdir: 'dist',
		outbase: '.',
		bundle: true,
		platform: 'node',
		format: 'cjs',
		target: 'node20',
		external: ['n8n-workflow'],
		plugins: [modernStandIns],
	});

const copyIconsAndCodex = () =>
	src('nodes/**/*.{svg,node.json}', { base: '.', encoding: false }).pipe(dest('dist'));

const copyLicences = () =>
	src('node_modules/qs/LICENSE.md', { base: 'node_modules' }).pipe(dest('dist/licences'));

exports.build = series(clean, parallel(bundle, copyIconsAndCodex, copyLicences));
