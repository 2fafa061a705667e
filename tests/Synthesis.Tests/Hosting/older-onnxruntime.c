// Lets the managed ONNX Runtime of these tests drive an older native library: one with WebGPU comes with the npm package onnxruntime-node,
// a release or two behind, and the managed package asks for its own release's table of functions. Releases only add functions at the table's end,
// so the older table serves, and what it lacks ends the process with a sentence. For tests only.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { Most = 1024 };
typedef struct { const void *(*GetApi)(uint32_t); const char *(*GetVersionString)(void); } ApiBase;
static const ApiBase *older;

static void lacking(void) {
    fputs("The older ONNX Runtime lacks a function that was called.\n", stderr);
    abort();
}

static int is_function(const void *address, const void *library) {
    Dl_info at;
    return address && dladdr(address, &at) && at.dli_fbase == library;
}

static const void *get_api(uint32_t version) {
    static const void *table[Most];
    const void *const *api = older->GetApi(version);
    if (api) return api;
    while (!api && version > 1) api = older->GetApi(--version);
    if (!api) return NULL;
    Dl_info library;
    dladdr((const void *)older->GetApi, &library);
    int known = 0;
    while (known < Most && is_function(api[known], library.dli_fbase)) known++;
    for (int i = 0; i < Most; i++) table[i] = i < known ? api[i] : (const void *)lacking;
    return table;
}

const ApiBase *OrtGetApiBase(void) {
    static ApiBase base;
    if (!older) {
        Dl_info self;
        char path[4096];
        dladdr((const void *)OrtGetApiBase, &self);
        snprintf(path, sizeof path, "%s.older", self.dli_fname);
        void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
        const ApiBase *(*get)(void) = library ? (const ApiBase *(*)(void))dlsym(library, "OrtGetApiBase") : NULL;
        if (!get) {
            fprintf(stderr, "%s\n", dlerror());
            abort();
        }
        older = get();
        base = (ApiBase){ get_api, older->GetVersionString };
    }
    return &base;
}
