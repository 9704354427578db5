//! Pictures that people send. Only PNG and JPEG are read, within bounds, by a decoder written in safe Rust; what is kept is
//! drawn anew, small, as PNG. So nothing of the file that was sent is ever handed to a browser: no script, no place where
//! it was taken, no second format hidden behind the first. SVG is refused: it is a program, not a picture.

use std::io::Cursor;

use aws_lc_rs::digest::{SHA256, digest};
use image::codecs::png::PngEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};
use trellis_domain::tenancy::{Logo, LogoDigest};

/// Bytes of a file.
pub const LARGEST_FILE: usize = 150 * 1024;
/// Each way. A file of some kilobytes may claim to be larger than any memory.
const MOST_PIXELS: u32 = 2048;
/// Twice what a page's header shows, for sharp screens.
const WIDEST: u32 = 480;
const TALLEST: u32 = 96;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    #[error("file is larger than 150 KB")]
    TooLarge,
    #[error("file is neither a PNG nor a JPEG picture")]
    OtherFormat,
    #[error("picture is more than 2,048 pixels wide or high")]
    TooManyPixels,
    #[error("picture cannot be read")]
    Unreadable,
}

/// Takes some milliseconds of a processor: not for a thread that others wait for.
pub fn redrawn(file: &[u8]) -> Result<Logo, PictureError> {
    if file.len() > LARGEST_FILE {
        return Err(PictureError::TooLarge);
    }
    let picture = decoded(file)?;
    let picture = if picture.width() > WIDEST || picture.height() > TALLEST {
        picture.resize(WIDEST, TALLEST, FilterType::Lanczos3)
    } else {
        picture
    };
    let mut png = Vec::new();
    let pixels = DynamicImage::from(picture.to_rgba8());
    pixels.write_with_encoder(PngEncoder::new(&mut png)).map_err(|_| PictureError::Unreadable)?;
    let hash = digest(&SHA256, &png);
    let hash = <[u8; 32]>::try_from(hash.as_ref()).map_err(|_| PictureError::Unreadable)?;
    Ok(Logo { digest: LogoDigest::new(hash), png, width: pixels.width(), height: pixels.height() })
}

fn decoded(file: &[u8]) -> Result<DynamicImage, PictureError> {
    let reader = ImageReader::new(Cursor::new(file)).with_guessed_format();
    let mut reader = reader.map_err(|_| PictureError::Unreadable)?;
    if !matches!(reader.format(), Some(ImageFormat::Png | ImageFormat::Jpeg)) {
        return Err(PictureError::OtherFormat);
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(MOST_PIXELS);
    limits.max_image_height = Some(MOST_PIXELS);
    limits.max_alloc = Some(64 * 1024 * 1024);
    reader.limits(limits);
    let refused = |error: image::ImageError| match error {
        image::ImageError::Limits(_) => PictureError::TooManyPixels,
        _ => PictureError::Unreadable,
    };
    let mut decoder = reader.into_decoder().map_err(refused)?;
    let (width, height) = decoder.dimensions();
    if width > MOST_PIXELS || height > MOST_PIXELS {
        return Err(PictureError::TooManyPixels);
    }
    // A telephone writes down how it was held, instead of turning the picture.
    let orientation = decoder.orientation().map_err(refused)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(refused)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::RgbImage;

    fn written(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
        let picture = DynamicImage::from(RgbImage::from_pixel(width, height, image::Rgb([11, 79, 74])));
        let mut file = Cursor::new(Vec::new());
        picture.write_to(&mut file, format).unwrap();
        file.into_inner()
    }

    #[test]
    fn a_picture_is_drawn_anew_as_a_small_png() {
        for format in [ImageFormat::Png, ImageFormat::Jpeg] {
            let logo = redrawn(&written(960, 480, format)).unwrap();
            assert_eq!((logo.width, logo.height), (192, 96), "{format:?}");
            assert_eq!(image::guess_format(&logo.png).unwrap(), ImageFormat::Png);
            assert_eq!(logo, redrawn(&written(960, 480, format)).unwrap(), "the same again is the same");
        }
        let small = redrawn(&written(100, 20, ImageFormat::Png)).unwrap();
        assert_eq!((small.width, small.height), (100, 20), "nothing is blown up");
    }

    #[test]
    fn nothing_of_the_file_itself_is_kept() {
        let mut file = written(50, 20, ImageFormat::Png);
        file.extend_from_slice(b"<script>alert(1)</script>");
        let logo = redrawn(&file).unwrap();
        assert!(!logo.png.windows(7).any(|part| part == b"<script"));
    }

    #[test]
    fn what_is_no_small_picture_is_refused() {
        let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
        assert_eq!(redrawn(svg), Err(PictureError::OtherFormat));
        assert_eq!(redrawn(b"GIF89a"), Err(PictureError::OtherFormat));
        assert_eq!(redrawn(b""), Err(PictureError::OtherFormat));
        assert_eq!(redrawn(&vec![0; LARGEST_FILE + 1]), Err(PictureError::TooLarge));
        assert_eq!(redrawn(&written(3000, 10, ImageFormat::Png)), Err(PictureError::TooManyPixels));
        let cut = written(400, 90, ImageFormat::Png);
        assert_eq!(redrawn(&cut[..cut.len() / 2]), Err(PictureError::Unreadable));
    }
}
