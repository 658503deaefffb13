import OpenSeadragon from "openseadragon";
import { useEffect, useRef, useState, type RefObject } from "react";
import { squareUrl, type Slide } from "@/api/slides";
import { squaresOf } from "./tile-source";

/** OpenSeadragon's picture of a slide, made from the node's own levels and squares. */
function tileSource(instance: string, slide: Slide): OpenSeadragon.TileSource {
  const squares = squaresOf(slide);
  const source = new OpenSeadragon.TileSource({
    width: slide.width,
    height: slide.height,
    tileSize: squares[0]!.tileWidth,
    minLevel: 0,
    maxLevel: squares.length - 1,
    ready: true,
  } as unknown as OpenSeadragon.TileSourceOptions);
  const at = (level: number) => squares[level]!;
  source.getLevelScale = (level: number) => at(level).scale;
  // Its types are wrong here: it is a point.
  source.getNumTiles = ((level: number) =>
    new OpenSeadragon.Point(at(level).columns, at(level).rows)) as never;
  source.getTileWidth = (level: number) => at(level).tileWidth;
  source.getTileHeight = (level: number) => at(level).tileHeight;
  source.getTileUrl = (level: number, x: number, y: number) =>
    squareUrl(instance, slide, at(level).level, x, y);
  return source;
}

export interface SlideView {
  viewer: OpenSeadragon.Viewer | null;
  /** Slide pixels along one of the screen's. */
  perPixel: number;
  /** Why squares do not come. */
  failed: boolean;
  retry: () => void;
}

/** The slide in an element, and how large it is seen. */
export function useViewer(
  canvas: RefObject<HTMLDivElement>,
  overview: RefObject<HTMLDivElement>,
  instance: string,
  slide: Slide | undefined,
): SlideView {
  const [viewer, setViewer] = useState<OpenSeadragon.Viewer | null>(null);
  const [perPixel, setPerPixel] = useState(1);
  const [failed, setFailed] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const opened = useRef<OpenSeadragon.Viewer | null>(null);

  useEffect(() => {
    if (!slide || !canvas.current || !overview.current) return;
    const made = OpenSeadragon({
      element: canvas.current,
      drawer: "canvas",
      tileSources: tileSource(instance, slide) as never,
      showNavigationControl: false,
      showNavigator: true,
      navigatorId: overview.current.id,
      animationTime: 0.4,
      minZoomImageRatio: 0.5,
      maxZoomPixelRatio: 4,
      visibilityRatio: 0.3,
      gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: true },
      placeholderFillStyle: "#ffffff",
    } as OpenSeadragon.Options);
    opened.current = made;
    const measure = () => {
      const image = made.world.getItemAt(0);
      if (image) setPerPixel(1 / image.viewportToImageZoom(made.viewport.getZoom(true)));
    };
    made.addHandler("open", measure);
    made.addHandler("animation", measure);
    made.addHandler("resize", measure);
    made.addHandler("open-failed", () => setFailed(true));
    made.addHandler("tile-load-failed", () => setFailed(true));
    made.addHandler("tile-loaded", () => setFailed(false));
    setFailed(false);
    setViewer(made);
    return () => {
      opened.current = null;
      setViewer(null);
      made.destroy();
    };
  }, [canvas, overview, instance, slide, attempt]);

  return { viewer, perPixel, failed, retry: () => setAttempt((now) => now + 1) };
}
