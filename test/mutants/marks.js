/**
 * The functions that Stryker puts at the top of each file, and that its marks call. Of some functions, tests evaluate
 * the text alone, as n8n does: there the marks find these.
 */
globalThis.stryMutAct_9fa48 = (id) => process.env.__STRYKER_ACTIVE_MUTANT__ === id;

globalThis.stryCov_9fa48 = (...ids) => {
	const stryker = (globalThis.__stryker__ ??= {});
	const { perTest } = (stryker.mutantCoverage ??= { static: {}, perTest: {} });
	const hits = (perTest[stryker.currentTestId] ??= {});
	for (const id of ids) hits[id] = (hits[id] ?? 0) + 1;
};
