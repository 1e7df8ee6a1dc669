//! Seals of containers (seals.proto): a contract in Rust, against the host functions of
//! docs/spec/host.md. It needs nothing but `core`: messages are two strings at most, so their codec
//! is a few lines here.
#![no_std]
#![no_main]

use core::str;

mod host {
    #[link(wasm_import_module = "usance1")]
    extern "C" {
        pub fn method(out: *mut u8, capacity: usize) -> i32;
        pub fn arguments(out: *mut u8, capacity: usize) -> i32;
        pub fn finish(data: *const u8, size: usize);
        pub fn abort(code: i32, detail: *const u8, size: usize) -> !;
        pub fn get(
            scope: *const u8, scope_size: usize, item: *const u8, item_size: usize,
            out: *mut u8, capacity: usize,
        ) -> i32;
        pub fn put(
            scope: *const u8, scope_size: usize, item: *const u8, item_size: usize,
            value: *const u8, size: usize,
        );
        pub fn del(scope: *const u8, scope_size: usize, item: *const u8, item_size: usize) -> i32;
        pub fn context(field: i32, out: *mut u8, capacity: usize) -> i32;
        pub fn emit(
            name: *const u8, name_size: usize, key: *const u8, key_size: usize,
            data: *const u8, size: usize,
        );
    }
}

const SEALED: i32 = 1;
const NOT_SEALED: i32 = 2;
const NOT_YOURS: i32 = 3;
// The library's errors, the same in every contract (StandardError in types.proto).
const UNKNOWN_METHOD: i32 = 900;
const BAD_ARGUMENTS: i32 = 901;

const CONTEXT_ORGANISATION: i32 = 0;
const ITEM: &[u8] = b"seal";
const MOST_CONTAINER: usize = 11;
const MOST_NUMBER: usize = 32;

/// Bytes that are written piece by piece; what does not fit is cut off.
struct Buffer {
    bytes: [u8; 256],
    size: usize,
}

impl Buffer {
    fn new() -> Self {
        Buffer { bytes: [0; 256], size: 0 }
    }
    /// What a host function writes; `None` when it answers that there is nothing, or too much.
    fn filled(write: impl FnOnce(*mut u8, usize) -> i32) -> Option<Self> {
        let mut buffer = Buffer::new();
        let size = write(buffer.bytes.as_mut_ptr(), buffer.bytes.len());
        if size < 0 || size as usize > buffer.bytes.len() {
            return None;
        }
        buffer.size = size as usize;
        Some(buffer)
    }
    fn add(&mut self, piece: &[u8]) {
        for &byte in piece {
            if self.size < self.bytes.len() {
                self.bytes[self.size] = byte;
                self.size += 1;
            }
        }
    }
    /// A protobuf field of a string shorter than 128 bytes; the empty string is left out.
    fn add_field(&mut self, number: u8, value: &[u8]) {
        if !value.is_empty() {
            self.add(&[number << 3 | 2, value.len() as u8]);
            self.add(value);
        }
    }
    fn view(&self) -> &[u8] {
        &self.bytes[..self.size]
    }
}

fn abort(code: i32, parts: &[&[u8]]) -> ! {
    let mut detail = Buffer::new();
    for part in parts {
        detail.add(part);
    }
    unsafe { host::abort(code, detail.bytes.as_ptr(), detail.size) }
}

/// The string fields 1 and 2 of a message. Unknown fields, fields out of order or given twice, and
/// invalid UTF-8 are refused, as in every contract.
fn decode(mut message: &[u8]) -> Option<[&[u8]; 2]> {
    let mut fields: [&[u8]; 2] = [b"", b""];
    let mut last = 0;
    while let [tag, size, rest @ ..] = message {
        let number = (tag >> 3) as usize;
        let size = *size as usize;
        if tag & 7 != 2 || number <= last || number > 2 || size > 127 || size > rest.len() {
            return None;
        }
        fields[number - 1] = &rest[..size];
        str::from_utf8(fields[number - 1]).ok()?;
        last = number;
        message = &rest[size..];
    }
    if message.is_empty() { Some(fields) } else { None }
}

fn stored(container: &[u8]) -> Option<Buffer> {
    Buffer::filled(|out, capacity| unsafe {
        host::get(container.as_ptr(), container.len(), ITEM.as_ptr(), ITEM.len(), out, capacity)
    })
}

fn emit(name: &[u8], container: &[u8], data: &Buffer) {
    unsafe {
        host::emit(
            name.as_ptr(), name.len(), container.as_ptr(), container.len(),
            data.bytes.as_ptr(), data.size,
        )
    }
}

fn affix(container: &[u8], number: &[u8], organisation: &[u8]) {
    if stored(container).is_some() {
        abort(SEALED, &[b"container ", container, b" is sealed already"]);
    }
    let mut seal = Buffer::new();
    seal.add_field(1, number);
    seal.add_field(2, organisation);
    unsafe {
        host::put(
            container.as_ptr(), container.len(), ITEM.as_ptr(), ITEM.len(),
            seal.bytes.as_ptr(), seal.size,
        )
    }
    let mut event = Buffer::new();
    event.add_field(1, container);
    event.add_field(2, number);
    emit(b"Affixed", container, &event);
}

fn break_seal(container: &[u8], organisation: &[u8]) {
    let seal = existing(container);
    if decode(seal.view()).map(|fields| fields[1]) != Some(organisation) {
        abort(NOT_YOURS, &[b"the seal of ", container, b" is another organisation's"]);
    }
    unsafe { host::del(container.as_ptr(), container.len(), ITEM.as_ptr(), ITEM.len()) };
    let mut event = Buffer::new();
    event.add_field(1, container);
    emit(b"Broken", container, &event);
}

fn existing(container: &[u8]) -> Buffer {
    match stored(container) {
        Some(seal) => seal,
        None => abort(NOT_SEALED, &[b"container ", container, b" has no seal"]),
    }
}

#[no_mangle]
pub extern "C" fn invoke() {
    let method = Buffer::filled(|out, capacity| unsafe { host::method(out, capacity) });
    let method = method.unwrap_or_else(Buffer::new);
    let takes_number = match method.view() {
        b"Affix" => true,
        b"Break" | b"Get" => false,
        // Also for Migrate: there is nothing to migrate.
        other => abort(UNKNOWN_METHOD, &[b"no method ", other]),
    };
    let message = Buffer::filled(|out, capacity| unsafe { host::arguments(out, capacity) });
    let message = match message {
        Some(message) => message,
        None => abort(BAD_ARGUMENTS, &[b"the request is too long"]),
    };
    let (container, number) = match decode(message.view()) {
        Some([container, number]) => (container, number),
        None => abort(BAD_ARGUMENTS, &[b"the request does not decode"]),
    };
    if container.is_empty() || container.len() > MOST_CONTAINER {
        abort(BAD_ARGUMENTS, &[b"container: 1 to 11 bytes"]);
    }
    if number.is_empty() == takes_number || number.len() > MOST_NUMBER {
        abort(BAD_ARGUMENTS, &[b"number: 1 to 32 bytes, in Affix alone"]);
    }
    let organisation = Buffer::filled(|out, capacity| unsafe {
        host::context(CONTEXT_ORGANISATION, out, capacity)
    });
    let organisation = organisation.unwrap_or_else(Buffer::new);
    match method.view() {
        b"Affix" => affix(container, number, organisation.view()),
        b"Break" => break_seal(container, organisation.view()),
        _ => {
            let seal = existing(container);
            unsafe { host::finish(seal.bytes.as_ptr(), seal.size) }
        }
    }
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}
