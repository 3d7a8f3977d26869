const { sleep } = require('@n8n/utils/sleep');

/** Where n8n-workflow has what a test uses: it takes a third of a second to load whole, in each file. */
const partOf = (name) => `n8n-workflow/dist/cjs/${/Error$/.test(name) ? 'errors' : 'index.js'}`;

/** n8n-workflow for unit tests: all but `sleep` is loaded when a test first uses it. */
module.exports = new Proxy(
	{ __esModule: true, sleep },
	{ get: (own, name) => own[name] ?? require(partOf(name))[name] },
);
