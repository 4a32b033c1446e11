/**
 * Data and model files: IDX, CSV, safetensors, npy and npz; data sets of examples. A loader returns what the file says
 * or throws one {@link io.kotangent.data.DataException}, also where the heap is too small for it; it never allocates
 * more than a fixed multiple of the bytes present.
 */
@NullMarked
package io.kotangent.data;

import org.jspecify.annotations.NullMarked;
