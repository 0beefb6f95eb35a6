// Made-up features and what is drawn of them, for tests of figures.

import { seededRandom } from "../core/random.js";
import { isShortfall, type Shortfall } from "../core/shortfall.js";
import { calendarPicture } from "./families/calendar-picture.js";
import { imbalancePicture } from "./families/imbalance-picture.js";
import { impactPicture } from "./families/impact-picture.js";
import { momentumPicture } from "./families/momentum-picture.js";
import { pricePicture } from "./families/price-picture.js";
import { regimePicture } from "./families/regime-picture.js";
import { spreadPicture } from "./families/spread-picture.js";
import { sampleLook } from "./families/test-look.js";
import { tradeFlowPicture } from "./families/trade-flow-picture.js";
import { trendPicture } from "./families/trend-picture.js";
import { volatilityPicture } from "./families/volatility-picture.js";
import { volumePicture } from "./families/volume-picture.js";
import { vwapPicture } from "./families/vwap-picture.js";
import { driftingFeatures } from "./features/drifting-features.js";
import { featureCorrelation } from "./features/feature-correlation.js";
import { distributionsByRegime, distributionsBySymbol } from "./features/feature-distributions.js";
import { featureInformation } from "./features/feature-information.js";
import { featureStability } from "./features/feature-stability.js";
import { checksOf, coefficientOf, UNTOLD } from "./features/test-checks.js";
import { sampleFrame } from "./features/test-frames.js";
import type { Figure } from "./figure.js";
import { correlationFigure } from "./figures/correlation-heatmap.js";
import { familyPictureFigure } from "./figures/family-picture.js";
import { distributionFigure } from "./figures/feature-distributions.js";
import { stabilityFigure } from "./figures/feature-stability.js";
import { featuresOverTimeFigure } from "./figures/features-over-time.js";
import { informationFigure } from "./figures/information-heatmap.js";
import { informationPointsFigure } from "./figures/information-points.js";
import { priceImpactFigure } from "./figures/price-impact.js";

/** One figure of each kind that shows features. */
export function featureFigures(): readonly Figure[] {
  const frames = ["BTCUSDT", "ETHUSDT"].map((symbol) => sampleFrame(symbol));
  const stability = there(featureStability(frames));
  const random = seededRandom(8, "coefficients");
  const checks = checksOf(["BTCUSDT", "ETHUSDT"], (_, feature) =>
    feature === 7 ? UNTOLD : coefficientOf(0.05 * random.normal(), random.uniform()),
  );
  const information = there(featureInformation(checks));
  return [
    ...familyFigures(),
    distributionFigure(there(distributionsBySymbol(frames))),
    distributionFigure(there(distributionsBySymbol(frames.slice(0, 1)))),
    distributionFigure(there(distributionsByRegime(frames))),
    correlationFigure(there(featureCorrelation(frames))),
    stabilityFigure(stability),
    featuresOverTimeFigure(there(driftingFeatures(frames, stability))),
    informationFigure(information),
    informationPointsFigure(information),
  ];
}

function familyFigures(): readonly Figure[] {
  const look = sampleLook();
  const pictures = [
    pricePicture,
    trendPicture,
    momentumPicture,
    volatilityPicture,
    regimePicture,
    volumePicture,
    calendarPicture,
    imbalancePicture,
    tradeFlowPicture,
    vwapPicture,
    spreadPicture,
  ];
  return [
    ...pictures.map((picture) => familyPictureFigure(there(picture(look)))),
    priceImpactFigure(there(impactPicture(look))),
  ];
}

/** A result that is there; the samples are whole. */
function there<Result>(result: Result | Shortfall): Result {
  if (isShortfall(result)) throw new Error(`short of ${result.what}`);
  return result;
}
