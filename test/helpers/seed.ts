import fc from 'fast-check';

// The same cases in every run, so that a commit is green or it is not; `DSR_SEED=random` goes hunting.
const { DSR_SEED: given = '20261122' } = process.env;
if (given !== 'random') fc.configureGlobal({ seed: Number(given) });
