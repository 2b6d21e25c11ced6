/**
 * The tools of a simulation: the form of each thing that a planner may try. A
 * tool only proposes another scenario to its bench; marks, figures, history and
 * the address are the bench's business.
 */
import type { Bench, Tool, ToolKey } from './bench.ts';
import type { Action } from './scenario.ts';
import { closeTool, hoursTool, moveTool, openTool } from './tool_lieu.ts';
import { suggestTool } from './tool_suggest.ts';
import { tourTool } from './tool_tour.ts';

export function makeTool(key: ToolKey, bench: Bench, index: number | undefined): Tool {
  switch (key) {
    case 'ouvrir':
      return openTool(bench, index);
    case 'fermer':
      return closeTool(bench);
    case 'deplacer':
      return moveTool(bench, index);
    case 'horaires':
      return hoursTool(bench, index);
    case 'tournee':
      return tourTool(bench, index);
    case 'suggerer':
      return suggestTool(bench);
  }
}

/** The tool that changes this action; undefined when it can only be removed. */
export function toolOf({ do: verb }: Action): ToolKey | undefined {
  const tools: Partial<Record<Action['do'], ToolKey>> = {
    add_lieu: 'ouvrir',
    move_lieu: 'deplacer',
    set_hours: 'horaires',
    add_tournee: 'tournee',
  };
  return tools[verb];
}
