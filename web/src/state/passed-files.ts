// Files on their way from one screen to the next: they cannot travel in an address.
let passed: File[] = [];

export function passFiles(files: File[]): void {
  passed = files;
}

export function takePassedFiles(): File[] {
  const files = passed;
  passed = [];
  return files;
}
