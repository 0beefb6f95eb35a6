// The one door for notebooks: names in pipeline order, no logic.

// 1. Vendor files into the store

export { coinbaseClient } from "./ingest/candles/coinbase-client.js";
export { fetchCandles } from "./ingest/candles/fetch-candles.js";
export { importCandles } from "./ingest/candles/import-candles.js";
export { expectedCost } from "./ingest/expected-cost.js";
export { ingest } from "./ingest/ingest.js";
export { openSource } from "./ingest/open-source.js";
export { planIngest } from "./ingest/plan.js";
export { openReplaySource } from "./ingest/replay/open-slices.js";
export { replayNormalized } from "./ingest/replay/replay-normalized.js";
export { requireRoom } from "./ingest/run-cost.js";
export { bookWindow } from "./reporting/book-window.js";
export { costTable, planFindings, planTable } from "./reporting/ingest-plan.js";
export { ingestProgress } from "./reporting/ingest-progress.js";
export {
  ingestAnswer,
  ingestFindings,
  ingestTable,
  ingestTotals,
  speedFindings,
} from "./reporting/ingest-report.js";
export {
  checkIntegrity,
  damagedCount,
  integrityFindings,
  integrityTable,
} from "./reporting/integrity-check.js";
export { keyNumbersTable } from "./reporting/key-numbers.js";
export { busiestWindow } from "./reporting/look-window.js";
export { marketWindow } from "./reporting/market-window.js";
export { queryColumns } from "./reporting/query-columns.js";
export { spreadOverDay } from "./reporting/spread-profile.js";
export {
  arrivalDelays,
  countRows,
  describeData,
  marketLooks,
  marketRange,
  sqlRange,
} from "./reporting/store-summary.js";
export { storedVolumes } from "./reporting/store-volumes.js";
export { updateRates } from "./reporting/update-rates.js";
export { connectToViews, query, queryBatches } from "./store/query.js";
export { readBookChanges, readColumns, readQuotes, readTrades } from "./store/read.js";
export { readCandles } from "./store/read-candles.js";
export { readDerivativeTicker } from "./store/read-derivative-ticker.js";
export { readSnapshots } from "./store/read-snapshots.js";
export { openStore } from "./store/store.js";

// 2. Quality

export { audit } from "./audit/audit.js";
export { loadAuditSettings } from "./audit/load-settings.js";
export { badStreams } from "./audit/overall-verdict.js";
export { compareWithCandles } from "./audit/sources/compare-sources.js";
export { doubtfulHoursTable, verdictTable } from "./reporting/audit-hours.js";
export { auditAnswer, auditFindings, auditTotals, symbolHours } from "./reporting/audit-report.js";
export { findingTimeline } from "./reporting/finding-timeline.js";
export { findingsTable, worstFindingsTable } from "./reporting/findings-table.js";
export { findingPictures } from "./reporting/pictures/finding-pictures.js";
export { quoteAgreement } from "./reporting/quote-agreement.js";
export {
  agreementTable,
  sourceFacts,
  sourceFindings,
  sourceTable,
} from "./reporting/source-report.js";
export { thresholdsTable } from "./reporting/thresholds-table.js";
export { worstFindings } from "./reporting/worst-findings.js";

// 3. Features

export { catalogue } from "./features/catalogue.js";
export { checkFeatures } from "./features/check/check-features.js";
export { computeFeatures } from "./features/compute-features.js";
export { calendarPicture } from "./reporting/families/calendar-picture.js";
export { featureLook } from "./reporting/families/feature-look.js";
export { imbalancePicture } from "./reporting/families/imbalance-picture.js";
export { impactPicture } from "./reporting/families/impact-picture.js";
export { momentumPicture } from "./reporting/families/momentum-picture.js";
export { pricePicture } from "./reporting/families/price-picture.js";
export { regimePicture } from "./reporting/families/regime-picture.js";
export { spreadPicture } from "./reporting/families/spread-picture.js";
export { tradeFlowPicture } from "./reporting/families/trade-flow-picture.js";
export { trendPicture } from "./reporting/families/trend-picture.js";
export { volatilityPicture } from "./reporting/families/volatility-picture.js";
export { volumePicture } from "./reporting/families/volume-picture.js";
export { vwapPicture } from "./reporting/families/vwap-picture.js";
export { featureAnswer, featureTotals, storedDays } from "./reporting/feature-report.js";
export {
  catalogueFacts,
  catalogueFindings,
  catalogueTable,
} from "./reporting/features/catalogue-table.js";
export { checkFindingsTable, checkFindingsWords } from "./reporting/features/check-findings.js";
export { clusterTable } from "./reporting/features/cluster-table.js";
export { describeFeatures } from "./reporting/features/describe-features.js";
export { driftingFeatures } from "./reporting/features/drifting-features.js";
export { featureCorrelation } from "./reporting/features/feature-correlation.js";
export {
  distributionsByRegime,
  distributionsBySymbol,
} from "./reporting/features/feature-distributions.js";
export { featureFrames } from "./reporting/features/feature-frame.js";
export { featureInformation } from "./reporting/features/feature-information.js";
export { featureStability } from "./reporting/features/feature-stability.js";
export {
  countedCoefficients,
  informationTable,
} from "./reporting/features/information-table.js";
export { missingFindings, missingTable } from "./reporting/features/missing-values.js";
export { driftTable } from "./reporting/features/stability-table.js";

// 4. and 5. Models

export { thenOf, thereOf } from "./core/shortfall.js";
export { askedExperiment } from "./evaluation/asked-experiment.js";
export { attentionReads } from "./evaluation/attention-reads.js";
export { baselineOverfitting } from "./evaluation/baseline-overfitting.js";
export { ensembleOf } from "./evaluation/ensemble-of.js";
export { evaluateModels } from "./evaluation/evaluate-models.js";
export {
  prepareExperiment,
  trainBaseline,
  trainLadder,
  trainSequenceModel,
} from "./evaluation/experiment.js";
export { horizonMap } from "./evaluation/horizon-map.js";
export { inputImportances } from "./evaluation/input-importance.js";
export { gainsOverLine } from "./evaluation/line-gains.js";
export { searchSettings, trainSeeds } from "./evaluation/repeated-fits.js";
export {
  trainOtherSeeds,
  trainSequenceEnsemble,
  trainSequenceModels,
} from "./evaluation/sequence-models.js";
export { compareBaselines } from "./evaluation/source-baselines.js";
export { deviceText } from "./models/device-text.js";
export { loadTensorflow } from "./models/tensorflow.js";
export { badHoursTable, sliceTable } from "./reporting/audit-tables.js";
export {
  baselineSourcesFindings,
  baselineSourcesTable,
} from "./reporting/baseline-sources-report.js";
export { lineGainsTable, lineSavingsTable } from "./reporting/line-gains-table.js";
export { membersTable } from "./reporting/members-table.js";
export { modelFacts, modelsFacts } from "./reporting/model-facts.js";
export { searchTable } from "./reporting/search-table.js";
export { askedSettings, settingGrid } from "./training/asked-settings.js";
export { membersOf } from "./training/members-of.js";
export { namedSettings } from "./training/named-settings.js";
export { practice, practiceText } from "./training/practice.js";
export { seedSummary, seedsFrom } from "./training/seeds.js";

// 6. Evaluation

export { canaryFindings, canaryTable } from "./reporting/canary-report.js";
export {
  baselineAnswer,
  baselineOf,
  evaluationChecks,
  experimentFindings,
  leadingModel,
  modelsOf,
  promotionAnswer,
} from "./reporting/evaluation-answers.js";
export {
  calibratorTable,
  metricsTable,
  scoresTable,
  symbolTable,
} from "./reporting/evaluation-tables.js";
export { figuresTable } from "./reporting/figures-table.js";
export { gateMatrix, gateTable, planGateTable } from "./reporting/gate-report.js";
export { horizonFindings, horizonTable } from "./reporting/horizon-report.js";
export { modelShelf, shelfFindings, shelfTable } from "./reporting/model-shelf.js";
export { overfittingFindings, overfittingTable } from "./reporting/overfitting-report.js";
export { reliabilityBinsTable } from "./reporting/reliability-table.js";
export { rungLossesTable, rungsTable } from "./reporting/rung-tables.js";
export { sequenceAnswer, sequenceChecks } from "./reporting/sequence-answer.js";
export { frictionTable, tradingCostTable, tradingTable } from "./reporting/trading-tables.js";
export { trialKinds, trialsFindings, trialsTable } from "./reporting/trials-report.js";

// 7. Runs

export {
  challengeFindings,
  challengeTable,
} from "./reporting/challenge-report.js";
export { parityFindings, parityTable } from "./reporting/runs/parity-table.js";
export { runAnswer, runChecks, runFindings } from "./reporting/runs/run-answer.js";
export { challengeOfRun, gatesOfRun } from "./reporting/runs/run-gates.js";
export { describeRun } from "./reporting/runs/run-report.js";
export {
  closedTradesTable,
  decisionsTable,
  eventsTable,
  fillsTable,
  statementsTable,
} from "./reporting/runs/run-tables.js";

// Figures

export { accuracyFigure } from "./reporting/figures/accuracy-points.js";
export { attentionFigure } from "./reporting/figures/attention.js";
export { auditCalendarFigure } from "./reporting/figures/audit-calendar.js";
export { calibrationPanelsFigure } from "./reporting/figures/calibration-panels.js";
export { challengeOddsFigure } from "./reporting/figures/challenge-odds.js";
export { closeTrackingFigure } from "./reporting/figures/close-tracking.js";
export { coefficientsFigure } from "./reporting/figures/coefficients.js";
export { combinatorialFigure } from "./reporting/figures/combinatorial-timeline.js";
export { correlationFigure } from "./reporting/figures/correlation-heatmap.js";
export { coverageFigure } from "./reporting/figures/coverage-curve.js";
export { bytesADayFigure, rowsADayFigure } from "./reporting/figures/day-volumes.js";
export { depthHeatmapFigure } from "./reporting/figures/depth-heatmap.js";
export { depthLadderFigure } from "./reporting/figures/depth-ladder.js";
export { equityFigure } from "./reporting/figures/equity.js";
export { familyImportanceFigure } from "./reporting/figures/family-importance.js";
export { familyPictureFigure } from "./reporting/figures/family-picture.js";
export { distributionFigure } from "./reporting/figures/feature-distributions.js";
export { stabilityFigure } from "./reporting/figures/feature-stability.js";
export { featuresOverTimeFigure } from "./reporting/figures/features-over-time.js";
export { findingTicksFigure } from "./reporting/figures/finding-ticks.js";
export { findingTimelineFigure } from "./reporting/figures/finding-timeline.js";
export { foldsFigure } from "./reporting/figures/folds-timeline.js";
export { frictionsFigure } from "./reporting/figures/frictions.js";
export { gatesFigure } from "./reporting/figures/gates.js";
export { groupAccuracyFigure } from "./reporting/figures/group-accuracy.js";
export { horizonMapFigure } from "./reporting/figures/horizon-map.js";
export { informationFigure } from "./reporting/figures/information-heatmap.js";
export { informationPointsFigure } from "./reporting/figures/information-points.js";
export { latencyFigure } from "./reporting/figures/latency-distribution.js";
export { learningCurvesFigure } from "./reporting/figures/learning-curves.js";
export { lineGainsFigure } from "./reporting/figures/line-gains.js";
export { marketLikenessFigure } from "./reporting/figures/market-likeness.js";
export { penaltyFigure } from "./reporting/figures/penalty-curve.js";
export { pointsPerMinuteFigure } from "./reporting/figures/points-per-minute.js";
export { priceAndTradesFigure } from "./reporting/figures/price-and-trades.js";
export { priceImpactFigure } from "./reporting/figures/price-impact.js";
export { quoteAgreementFigure } from "./reporting/figures/quote-agreement.js";
export { reliabilityFigure } from "./reporting/figures/reliability.js";
export { runDecisionsFigure } from "./reporting/figures/run-decisions.js";
export { runDriftFigure } from "./reporting/figures/run-drift.js";
export { runEquityFigure } from "./reporting/figures/run-equity.js";
export { runLatencyFigure } from "./reporting/figures/run-latency.js";
export { rungGainsFigure } from "./reporting/figures/rung-gains.js";
export { spreadOverDayFigure } from "./reporting/figures/spread-over-day.js";
export { stepImportanceFigure } from "./reporting/figures/step-importance.js";
export { symbolAccuracyFigure } from "./reporting/figures/symbol-accuracy.js";
export { updateRatesFigure } from "./reporting/figures/update-rates.js";

// Showing results in a notebook

export { say, show, showEach, showFacts, showMarkdown, showTable } from "./reporting/display.js";
export { recordsTable } from "./reporting/records-table.js";
export { validate } from "./reporting/validate.js";
