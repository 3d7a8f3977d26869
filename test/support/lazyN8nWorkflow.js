const { sleep } = require('@n8n/utils/sleep');

/**
 * n8n-workflow for unit tests: all but `sleep` is loaded when a test first uses it. To load it whole takes a third of
 * a second, in each file.
 */
module.exports = new Proxy(
	{ __esModule: true, sleep },
	{ get: (own, name) => own[name] ?? require('n8n-workflow/dist/cjs/index.js')[name] },
);
